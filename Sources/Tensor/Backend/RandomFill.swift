internal import Kernels

/// Memory filled with random numbers, in parallel; each element depends on its position alone.
enum RandomFill {
  static func run(
    _ kind: RandomKind, count: Int, low: Float, high: Float, using random: inout RandomStream
  ) -> Storage {
    let output = Storage(count: count)
    let place = random.take(count)
    let parts = Partition.parts(count * 8)
    nonisolated(unsafe) let target = output.pointer
    parallel(parts) { part in
      drawRandom(
        kind, target, Partition.range(part, of: parts, count: count, unit: 4), place, low: low,
        high: high)
    }
    return output
  }
}
