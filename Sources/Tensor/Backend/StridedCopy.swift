internal import Kernels

/// Memory read with strides, written down in order.
enum StridedCopy {
  static func run(
    _ source: Storage, _ shape: [Int], _ strides: [Int], _ offset: Int
  ) -> Storage {
    let count = Shape.count(shape)
    let output = Storage(count: count)
    if count == 0 { return output }
    var (sizes, steps) = Shape.collapse(shape, strides)
    if sizes.isEmpty { (sizes, steps) = ([1], [1]) }
    let last = sizes.count - 1
    let parts = Partition.parts(count)
    nonisolated(unsafe) let (target, from) = (output.pointer, source.pointer + offset)
    // Another axis is the neighbouring one in memory: both are walked in blocks that fit the cache.
    if steps[last] > 1, let near = steps.lastIndex(of: 1), sizes[last] >= 8, sizes[near] >= 8 {
      transpose(target, from, sizes, steps, near: near, parts: parts)
      return output
    }
    let layout = sizes + steps
    layout.withUnsafeBufferPointer { layout in
      guard let start = layout.baseAddress else { return }
      nonisolated(unsafe) let base = start
      parallel(parts) { part in
        let range = Partition.range(part, of: parts, count: count, unit: 1024)
        readStrided(
          target + range.lowerBound, from, base, rank: sizes.count, start: range.lowerBound,
          count: range.count)
      }
    }
    withExtendedLifetime(source) {}
    return output
  }

  /// Axis `near` has stride 1 in memory, the last axis has it in the result.
  private static func transpose(
    _ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, _ sizes: [Int],
    _ steps: [Int], near: Int, parts: Int
  ) {
    let written = Shape.strides(sizes)
    let last = sizes.count - 1
    let outer = sizes.indices.filter { $0 != near && $0 != last }
    let planes = outer.reduce(1) { $0 * sizes[$1] }
    // Each part takes rows of all planes, in blocks of 16 along the near axis.
    let blocks = (sizes[near] + 15) / 16
    nonisolated(unsafe) let (target, source) = (target, source)
    parallel(min(parts, planes * blocks)) { part in
      for item in Partition.range(
        part, of: min(parts, planes * blocks), count: planes * blocks, unit: 1)
      {
        var rest = item / blocks
        var (to, from) = (0, 0)
        for axis in outer.reversed() {
          let index = rest % sizes[axis]
          rest /= sizes[axis]
          to += index * written[axis]
          from += index * steps[axis]
        }
        let low = item % blocks * 16
        transposeBlock(
          target + to + low * written[near], source + from + low, rows: min(16, sizes[near] - low),
          columns: sizes[last], targetStep: written[near], sourceStep: steps[last])
      }
    }
  }
}
