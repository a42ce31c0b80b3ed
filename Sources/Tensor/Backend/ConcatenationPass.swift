/// Several values, one behind the other along an axis.
enum ConcatenationPass {
  /// Computes pending values straight into their place.
  static func run(_ values: [Value], shape: [Int], axis: Int) -> Storage {
    Evaluation.prepare(values)
    let output = Storage(count: Shape.count(shape))
    let inner = Shape.count(Array(shape[(axis + 1)...]))
    let row = shape[axis] * inner
    var start = 0
    for value in values {
      let width = value.shape[axis] * inner
      FusedPass.write(value, toRowsAt: output.pointer + start, width: width, rowStep: row)
      start += width
    }
    return output
  }
}
