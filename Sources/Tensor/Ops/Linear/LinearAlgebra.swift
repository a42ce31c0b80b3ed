/// Decompositions of matrices. They are not differentiable: results carry no link to their inputs.
public enum LinearAlgebra {
  /// Decomposes a symmetric matrix into eigenvalues and eigenvectors.
  ///
  ///     matrix = vectors · diag(values) · vectorsᵀ
  ///
  /// Computed in double precision.
  ///
  /// - Parameter matrix: `[N, N]`, symmetric; only one triangle is read.
  /// - Returns: `values` `[N]`, ascending; `vectors` `[N, N]`, column k belonging to value k.
  public static func eigenSymmetric(_ matrix: Tensor) -> (values: Tensor, vectors: Tensor) {
    precondition(
      matrix.rank == 2 && matrix.shape[0] == matrix.shape[1],
      "[eigenSymmetric] shape \(matrix.shape), expected a square matrix")
    let size = matrix.shape[0]
    let (values, vectors) = eigenSymmetric(matrix.scalars().map { Double($0) }, size: size)
    return (
      Tensor(values.map { Float($0) }, [size]), Tensor(vectors.map { Float($0) }, [size, size])
    )
  }

  /// The same for a row-major matrix of doubles, for statistics that `Float` would spoil.
  ///
  /// - Parameters:
  ///   - matrix: `size` squared numbers.
  ///   - size: the number of rows.
  /// - Returns: `values`, ascending; `vectors`, row-major, column k belonging to value k.
  public static func eigenSymmetric(
    _ matrix: [Double], size: Int
  ) -> (values: [Double], vectors: [Double]) {
    precondition(
      matrix.count == size * size,
      "[eigenSymmetric] \(matrix.count) numbers, expected \(size) squared")
    var work = matrix
    guard let values = BLAS.eigenSymmetric(&work, size: size) else {
      preconditionFailure("[eigenSymmetric] no convergence; does the matrix contain NaN?")
    }
    var vectors = work
    for row in 0..<size {
      for column in 0..<size { vectors[row * size + column] = work[column * size + row] }
    }
    return (values, vectors)
  }

  /// Decomposes a matrix into orthonormal columns and an upper triangle.
  ///
  ///     matrix = q · r,  qᵀ · q = 1,  diagonal of r ≥ 0
  ///
  /// The sign rule makes the decomposition unique, and `q` of a normal matrix uniformly distributed.
  ///
  /// - Parameter matrix: `[M, N]` with M at least N.
  /// - Returns: `q` `[M, N]` and `r` `[N, N]`.
  public static func qr(_ matrix: Tensor) -> (q: Tensor, r: Tensor) {
    precondition(
      matrix.rank == 2 && matrix.shape[0] >= matrix.shape[1],
      "[qr] shape \(matrix.shape), expected a matrix with at least as many rows as columns")
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    let (q, r) = qr(matrix.scalars().map { Double($0) }, rows: rows, columns: columns)
    return (
      Tensor(q.map { Float($0) }, [rows, columns]), Tensor(r.map { Float($0) }, [columns, columns])
    )
  }

  /// The same for a row-major matrix of doubles.
  ///
  /// - Parameters:
  ///   - matrix: `rows` · `columns` numbers.
  ///   - rows: at least `columns`.
  ///   - columns: the size of `r`.
  /// - Returns: `q`, `rows` · `columns`, and `r`, `columns` squared, both row-major.
  public static func qr(
    _ matrix: [Double], rows: Int, columns: Int
  ) -> (q: [Double], r: [Double]) {
    precondition(
      matrix.count == rows * columns && rows >= columns,
      "[qr] \(matrix.count) numbers for \(rows) rows and \(columns) columns, expected no more columns than rows"
    )
    var work = [Double](repeating: 0, count: matrix.count)
    for row in 0..<rows {
      for column in 0..<columns { work[column * rows + row] = matrix[row * columns + column] }
    }
    var r = BLAS.qr(&work, rows: rows, columns: columns)
    var q = matrix
    for column in 0..<columns {
      let sign: Double = r[column * columns + column] < 0 ? -1 : 1
      for row in 0..<rows { q[row * columns + column] = sign * work[column * rows + row] }
      for other in column..<columns { r[column * columns + other] *= sign }
    }
    return (q, r)
  }
}
