import Foundation
import Tensor

// Our side of `Benchmarks/bench.py`, which starts it beside a PyTorch program and asks both in turns.
//
//   Benchmark rows rows.json      one op at a time: reads {"name": …, "seconds": …} lines
//   Benchmark translation FILE    training steps of U-Net and patch discriminator, weights from FILE
//   Benchmark dcgan FILE          training steps of a small convolutional GAN
//   Benchmark groupdnet FILE      training steps of GroupDNet; likewise spade and pix2pixhd
//   Benchmark forward groupdnet   passes through GroupDNet at its published size
//
// A last argument `bfloat16` is an experiment's `"precision": "bfloat16"`. Answers are JSON, one object
// a line. The number of threads is OMP_NUM_THREADS.

let arguments = Array(CommandLine.arguments.dropFirst())
guard (2...3).contains(arguments.count),
  let precision = Precision(rawValue: arguments.count == 3 ? arguments[2] : "single")
else {
  fatalError("usage: Benchmark rows|translation|dcgan|groupdnet|spade|pix2pixhd|forward ARGUMENT")
}
Compute.precision = precision
let (task, file) = (arguments[0], arguments[1])
switch task {
case "rows": try RowServer(file: file).run()
case "translation":
  var step = try TranslationStep(file: file, dropout: 0)
  try StepServer { step.run() }.run()
case "dcgan":
  var step = try AdversarialStep(file: file)
  try StepServer { step.run() }.run()
case "groupdnet", "spade":
  var step = try LabelMapStep(file: file, generator: task)
  try StepServer { step.run() }.run()
case "pix2pixhd":
  var step = try HighDefinitionStep(file: file)
  try StepServer { step.run() }.run()
case "forward":
  let forward = try FullSizeForward()
  try StepServer { forward.run() }.run()
default: fatalError("there is no task \(task)")
}
