internal import COpenBLAS

/// Decompositions by LAPACK, as OpenBLAS carries it. LAPACK's matrices are column-major.
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

  /// Splits a column-major `rows` × `columns` matrix, rows ≥ columns, into Q · R.
  ///
  /// `matrix` becomes Q, of the same size.
  ///
  /// - Returns: R, row-major, `columns` squared.
  static func qr(_ matrix: inout [Float], rows: Int, columns: Int) -> [Float] {
    var (m, n) = (Int32(rows), Int32(columns))
    var info: Int32 = 0
    var factors = [Float](repeating: 0, count: columns)
    var work = [Float](repeating: 0, count: max(1, columns * 64))
    var workCount = Int32(work.count)
    var m2 = m
    sgeqrf_(&m, &n, &matrix, &m2, &factors, &work, &workCount, &info)
    precondition(info == 0, "[qr] LAPACK refused argument \(-info)")
    var r = [Float](repeating: 0, count: columns * columns)
    for column in 0..<columns {
      for row in 0...column { r[row * columns + column] = matrix[column * rows + row] }
    }
    var n2 = n
    sorgqr_(&m, &n, &n2, &matrix, &m2, &factors, &work, &workCount, &info)
    precondition(info == 0, "[qr] LAPACK refused argument \(-info)")
    return r
  }
}
