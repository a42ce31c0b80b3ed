import Foundation
import Tensor

// Our side of `Benchmarks/bench.py`, which starts it beside a PyTorch program and asks both in turns.
//
//   Benchmark rows rows.json      one op at a time: reads {"name": …, "seconds": …} lines
//   Benchmark translation FILE    training steps of U-Net and patch discriminator, weights from FILE
//   Benchmark dcgan FILE          training steps of a small convolutional GAN
//   Benchmark forward groupdnet   passes through GroupDNet at its published size
//
// Answers are JSON, one object a line. The number of threads is OMP_NUM_THREADS.

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 2, let task = arguments.first, let file = arguments.last else {
  fatalError("usage: Benchmark rows|translation|dcgan|forward ARGUMENT")
}
switch task {
case "rows": try RowServer(file: file).run()
case "translation":
  var step = try TranslationStep(file: file, dropout: 0)
  try StepServer { step.run() }.run()
case "dcgan":
  var step = try AdversarialStep(file: file)
  try StepServer { step.run() }.run()
case "forward":
  let forward = try FullSizeForward()
  try StepServer { forward.run() }.run()
default: fatalError("there is no task \(task)")
}
