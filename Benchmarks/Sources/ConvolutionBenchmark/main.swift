import Foundation
import Tensor

// Times convolutions as training meets them: weights are new in every round, as after an optimizer's step, so that
// bringing them into the kernel's order is part of the time.
//
//   ConvolutionBenchmark [rounds] [name prefix]
//
// With OMP_NUM_THREADS=1 it counts the processor time of its thread, which a busy machine disturbs little.

let rounds = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 20 : 20
let prefix = CommandLine.arguments.count > 2 ? CommandLine.arguments[2] : ""

func pad(_ text: String, _ width: Int) -> String {
  text.count >= width ? text : String(repeating: " ", count: width - text.count) + text
}

/// Seconds on a clock that stands still while others compute, if there is but one thread to count.
func now() -> Double {
  var time = timespec()
  clock_gettime(Compute.threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The shortest time of one call, after one call to warm up.
func best(_ prepare: () -> Tensor, _ body: (Tensor) -> Void) -> Double {
  body(prepare())
  return (0..<rounds).map { _ in
    let weight = prepare()
    let start = now()
    body(weight)
    return now() - start
  }.min() ?? 0
}

print("\(pad("layer", 16))      forward          for x        for weight   (ms, GFLOP/s)")
var total = 0.0
for layer in Layer.translator + Layer.patches + Layer.small + Layer.residual
where layer.name.hasPrefix(prefix) {
  var random = RandomStream(seed: 1, stream: layer.name)
  let x = Tensor.normal(layer.image, using: &random)
  let numbers = Tensor.normal(layer.weight, using: &random).scalars()
  let fresh = { Tensor(numbers, layer.weight) }
  let output = layer(x, fresh())
  let forward = best(fresh) { weight in _ = layer(x, weight).evaluated() }
  let operations = layer.operations(output: output.shape)
  var line = pad(layer.name, 16)
  // A gradient includes its forward pass here, whose time is taken off.
  let variable = x.variable()
  let forX = best(fresh) { weight in
    let y = layer(variable, weight)
    _ = gradients(of: y, cotangent: output, at: [variable]).map { $0?.evaluated() }
  }
  let forWeight = best({ fresh().variable() }) { weight in
    let y = layer(x, weight)
    _ = gradients(of: y, cotangent: output, at: [weight]).map { $0?.evaluated() }
  }
  for seconds in [forward, forX - forward, forWeight - forward] {
    total += seconds
    line += pad(String(format: "%.3f", seconds * 1e3), 10)
    line += pad(String(format: "%.0f", operations / seconds / 1e9), 6)
  }
  print(line)
}
print(String(format: "total %.1f ms", total * 1e3))
