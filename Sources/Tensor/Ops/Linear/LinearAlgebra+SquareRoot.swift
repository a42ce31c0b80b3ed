extension LinearAlgebra {
  /// The symmetric matrix whose square is a symmetric one without negative eigenvalues.
  ///
  ///     result · result = matrix
  ///
  /// - Parameters:
  ///   - matrix: `size` squared numbers, row-major; only one triangle is read. Eigenvalues that rounding made negative
  ///     count as 0.
  ///   - size: the number of rows.
  /// - Returns: `size` squared numbers.
  public static func squareRoot(_ matrix: [Double], size: Int) -> [Double] {
    let (values, vectors) = eigenSymmetric(matrix, size: size)
    var scaled = vectors
    var turned = vectors
    for row in 0..<size {
      for column in 0..<size {
        scaled[row * size + column] *= max(values[column], 0).squareRoot()
        turned[column * size + row] = vectors[row * size + column]
      }
    }
    return BLAS.product(scaled, turned, rows: size, columns: size, inner: size)
  }

  /// The trace of the square root of a product of two covariances, as the Fréchet distance needs it.
  ///
  ///     tr √(a·b) = Σ √λ_i,   λ the eigenvalues of √a · b · √a
  ///
  /// The product a·b is not symmetric, but has the eigenvalues of the symmetric matrix above: no general square root is
  /// needed, nothing becomes complex, and singular covariances (fewer samples than features) need no offset.
  ///
  /// - Parameters:
  ///   - a: `size` squared numbers, symmetric, without negative eigenvalues.
  ///   - b: the same.
  ///   - size: the number of rows.
  /// - Returns: the trace, at least 0.
  public static func traceOfSquareRoot(_ a: [Double], times b: [Double], size: Int) -> Double {
    let root = squareRoot(a, size: size)
    let half = BLAS.product(root, b, rows: size, columns: size, inner: size)
    let middle = BLAS.product(half, root, rows: size, columns: size, inner: size)
    return eigenSymmetric(middle, size: size).values.reduce(0) { $0 + max($1, 0).squareRoot() }
  }
}
