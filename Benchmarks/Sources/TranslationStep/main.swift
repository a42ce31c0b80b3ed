import Foundation
import Host
import PluginAPI
import TestSupport

// Times training steps of the U-Net against the patch discriminator: D first, then G on the same
// fake. Reads the file that `pytorch/pix2pix_step.py create` writes, so that both programs do the
// same work; prints one JSON object as that program does.
//
//   swift build -c release
//   .build/release/TranslationStepBenchmark start.safetensors [steps] [dropout]
//
// With dropout 0 both programs must report the same losses. It is a target of the root package,
// because it loads the plugins' libraries from beside itself.

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
  fatalError("usage: TranslationStepBenchmark start.safetensors [steps] [dropout]")
}
let steps = arguments.count > 2 ? Int(arguments[2]) ?? 10 : 10
let dropout = arguments.count > 3 ? Double(arguments[3]) ?? 0.5 : 0.5
let warmup = 2

var step = try TranslationStep(file: arguments[1], dropout: dropout)
var losses: [[String: Float]] = []
var seconds: [Double] = []
for index in 0..<(warmup + steps) {
  let start = DispatchTime.now().uptimeNanoseconds
  let found = step.run()
  if index >= warmup {
    seconds.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
  }
  if index < 5 { losses.append(found) }
}
let report: [String: Any] = [
  "variant": "workbench", "steps": steps, "losses": losses,
  "medianSeconds": seconds.sorted()[seconds.count / 2],
  "shortestSeconds": seconds.min() ?? 0,
]
let line = try JSONSerialization.data(withJSONObject: report, options: [.sortedKeys])
print(String(decoding: line, as: UTF8.self))
