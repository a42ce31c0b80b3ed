internal import Kernels

/// Kernels that look rows up by index, and scans along an axis.
enum Indexing {
  /// Stops unless all indices are whole numbers in `0..<limit`.
  static func check(_ indices: Storage, count: Int, limit: Int, op: StaticString) {
    for i in 0..<count {
      let index = indices.pointer[i]
      precondition(
        index >= 0 && index < Float(limit) && index == index.rounded(.down),
        "[\(op)] index \(index) at position \(i), expected a whole number in 0..<\(limit)")
    }
  }

  static func gather(_ table: Storage, _ indices: Storage, count: Int, width: Int) -> Storage {
    let output = Storage(count: count * width)
    let parts = min(max(count, 1), Partition.parts(count * width))
    nonisolated(unsafe) let (target, from, at) = (output.pointer, table.pointer, indices.pointer)
    parallel(parts) { part in
      gatherRows(
        target, from, at, rows: Partition.range(part, of: parts, count: count, unit: 1),
        width: width)
    }
    return output
  }

  static func scatterAdd(
    _ source: Storage, _ indices: Storage, count: Int, width: Int, rows: Int
  ) -> Storage {
    let output = Storage(count: rows * width)
    output.pointer.update(repeating: 0, count: rows * width)
    let parts = min(max(1, width / 16), Partition.parts(count * width))
    nonisolated(unsafe) let (target, from, at) = (output.pointer, source.pointer, indices.pointer)
    parallel(parts) { part in
      scatterAddRows(
        target, from, at, count: count, width: width,
        columns: Partition.range(part, of: parts, count: width, unit: 16))
    }
    return output
  }

  /// Runs a kernel over a space `[A, R, B]`, parts of A in parallel.
  static func overOuter(
    _ source: Storage, _ space: Reduction.Space, results: Int,
    _ kernel: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Range<Int>) -> Void
  ) -> Storage {
    let output = Storage(count: results)
    let parts = min(max(space.a, 1), Partition.parts(space.a * space.r * space.b))
    nonisolated(unsafe) let (target, from) = (output.pointer, source.pointer)
    parallel(parts) { part in
      kernel(target, from, Partition.range(part, of: parts, count: space.a, unit: 1))
    }
    return output
  }
}
