/// Copies row `indices[i]` of `table` to row i of `target`, for rows `rows`.
package func gatherRows(
  _ target: UnsafeMutablePointer<Float>, _ table: UnsafePointer<Float>,
  _ indices: UnsafePointer<Float>, rows: Range<Int>, width: Int
) {
  for row in rows {
    (target + row * width).update(from: table + Int(indices[row]) * width, count: width)
  }
}

/// Adds row i of `source` to row `indices[i]` of `target`, columns `columns` only; threads share out columns.
package func scatterAddRows(
  _ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>,
  _ indices: UnsafePointer<Float>, count: Int, width: Int, columns: Range<Int>
) {
  for row in 0..<count {
    let to = target + Int(indices[row]) * width
    let from = source + row * width
    for column in columns { to[column] += from[column] }
  }
}

/// The position along R of the first greatest element, for a space `[A, R, B]`.
package func argmaxRows(
  _ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, a: Range<Int>, r: Int,
  b: Int
) {
  for outer in a {
    let block = source + outer * r * b
    for inner in 0..<b {
      var best = block[inner]
      var index = 0
      for row in 1..<max(r, 1) {
        let value = block[row * b + inner]
        if value > best || (value != value && best == best) {
          best = value
          index = row
        }
      }
      target[outer * b + inner] = Float(index)
    }
  }
}

/// Running sums along R, for a space `[A, R, B]`.
package func cumulativeSums(
  _ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, a: Range<Int>, r: Int,
  b: Int
) {
  for outer in a {
    let from = source + outer * r * b
    let to = target + outer * r * b
    for inner in 0..<b {
      var sum = 0.0
      for row in 0..<r {
        sum += Double(from[row * b + inner])
        to[row * b + inner] = Float(sum)
      }
    }
  }
}
