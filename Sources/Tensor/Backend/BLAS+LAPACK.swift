internal import COpenBLAS

/// Products and decompositions in double precision, for statistics: OpenBLAS and the LAPACK it carries, whose matrices
/// are column-major.
extension BLAS {
  /// Eigenvalues in ascending order; `matrix` (symmetric, `size` squared) becomes the eigenvectors, one after
  /// the other.
  ///
  /// - Returns: the eigenvalues, or `nil` when the iteration did not converge.
  static func eigenSymmetric(_ matrix: inout [Double], size: Int) -> [Double]? {
    if size == 0 { return [] }
    var values = [Double](repeating: 0, count: size)
    var n = Int32(size)
    var info: Int32 = 0
    var workCount: Int32 = -1
    var indexCount: Int32 = -1
    var work = [0.0]
    var indices: [Int32] = [0]
    for _ in 0..<2 {  // the first call only asks how much memory it needs
      var n2 = n
      dsyevd_("V", "U", &n, &matrix, &n2, &values, &work, &workCount, &indices, &indexCount, &info)
      if info != 0 { return nil }
      if workCount > 0 { break }
      workCount = Int32(work[0])
      indexCount = indices[0]
      work = [Double](repeating: 0, count: Int(workCount))
      indices = [Int32](repeating: 0, count: Int(indexCount))
    }
    return values
  }

  /// `a · b` of row-major matrices `[rows, inner]` and `[inner, columns]`.
  static func product(
    _ a: [Double], _ b: [Double], rows: Int, columns: Int, inner: Int
  ) -> [Double] {
    var c = [Double](repeating: 0, count: rows * columns)
    if rows == 0 || columns == 0 || inner == 0 { return c }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, a,
      Int32(inner), b, Int32(columns), 0, &c, Int32(columns))
    return c
  }

  /// Splits a column-major `rows` × `columns` matrix, rows ≥ columns, into Q · R.
  ///
  /// `matrix` becomes Q, of the same size.
  ///
  /// - Returns: R, row-major, `columns` squared.
  static func qr(_ matrix: inout [Double], rows: Int, columns: Int) -> [Double] {
    var (m, n) = (Int32(rows), Int32(columns))
    var info: Int32 = 0
    var factors = [Double](repeating: 0, count: columns)
    var work = [Double](repeating: 0, count: max(1, columns * 64))
    var workCount = Int32(work.count)
    var m2 = m
    dgeqrf_(&m, &n, &matrix, &m2, &factors, &work, &workCount, &info)
    precondition(info == 0, "[qr] LAPACK refused argument \(-info)")
    var r = [Double](repeating: 0, count: columns * columns)
    for column in 0..<columns {
      for row in 0...column { r[row * columns + column] = matrix[column * rows + row] }
    }
    var n2 = n
    dorgqr_(&m, &n, &n2, &matrix, &m2, &factors, &work, &workCount, &info)
    precondition(info == 0, "[qr] LAPACK refused argument \(-info)")
    return r
  }
}
