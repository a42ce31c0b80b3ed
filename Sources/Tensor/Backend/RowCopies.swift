/// Copies of several values, one behind the other along an axis.
enum Concatenation {
  static func run(_ values: [Value], shape: [Int], axis: Int) -> Storage {
    Evaluation.run(values.filter { $0.constant == nil })
    let output = Storage(count: Shape.count(shape))
    let outer = Shape.count(Array(shape[..<axis]))
    let inner = Shape.count(Array(shape[(axis + 1)...]))
    let row = shape[axis] * inner
    var start = 0
    for value in values {
      let width = value.shape[axis] * inner
      copy(value, output.pointer + start, rows: outer, width: width, rowStep: row)
      start += width
    }
    return output
  }

  private static func copy(
    _ value: Value, _ target: UnsafeMutablePointer<Float>, rows: Int, width: Int, rowStep: Int
  ) {
    guard rows > 0, width > 0 else { return }
    let parts = min(rows, Partition.parts(rows * width))
    nonisolated(unsafe) let target = target
    if let constant = value.constant {
      for row in 0..<rows { (target + row * rowStep).update(repeating: constant, count: width) }
      return
    }
    let storage = value.materialized()
    nonisolated(unsafe) let source = storage.pointer
    parallel(parts) { part in
      for row in Partition.range(part, of: parts, count: rows, unit: 1) {
        (target + row * rowStep).update(from: source + row * width, count: width)
      }
    }
    withExtendedLifetime(storage) {}
  }
}
