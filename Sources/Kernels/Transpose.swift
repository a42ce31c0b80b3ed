/// Writes `rows` (up to 16) rows of `columns` elements whose elements lie side by side across rows in the source.
///
///     target[row · targetStep + column] = source[row + column · sourceStep]
package func transposeBlock(
  _ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, rows: Int, columns: Int,
  targetStep: Int, sourceStep: Int
) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 256) { buffer in
    guard let block = buffer.baseAddress else { return }
    var column = 0
    while column < columns {
      let width = min(16, columns - column)
      for i in 0..<width { copyRun(block + 16 * i, source + (column + i) * sourceStep, rows) }
      for row in 0..<rows {
        let line = target + row * targetStep + column
        for i in 0..<width { line[i] = block[16 * i + row] }
      }
      column += width
    }
  }
}
