internal import COneDNN
internal import Kernels

/// Matrix products of row-major matrices, by oneDNN's `sgemm`.
///
/// On the CPUs measured it beats OpenBLAS on every shape tried, most on small ones, and it shares the
/// thread team with everything else. It is slow where a large second factor is turned, to copy which takes longer than
/// to multiply it by a few rows; those products are the sums of rows that they look like.
enum BLAS {
  /// One factor of a product: where it lies, how far its rows are apart, and whether it is turned.
  struct Matrix {
    let pointer: UnsafePointer<Float>
    let rowStride: Int
    var isTransposed = false

    init(_ pointer: UnsafePointer<Float>, rowStride: Int, transposed: Bool = false) {
      self.pointer = pointer
      self.rowStride = rowStride
      isTransposed = transposed
    }
  }

  /// `c = a · b`, or `c += a · b`; `c` is `[rows, columns]`, `inner` the shared size.
  static func product(
    _ a: Matrix, _ b: Matrix, rows: Int, columns: Int, inner: Int, accumulate: Bool = false,
    into c: UnsafeMutablePointer<Float>
  ) {
    if rows == 0 || columns == 0 { return }
    if inner == 0 {
      if !accumulate { c.update(repeating: 0, count: rows * columns) }
      return
    }
    if !a.isTransposed && b.isTransposed && suitsRows(rows: rows, columns: columns, inner: inner) {
      parallelRows((columns + 3) / 4, work: rows * columns * inner) { groups in
        multiplyRows(
          a.pointer, a.rowStride, rows: rows, b.pointer, b.rowStride,
          columns: 4 * groups.lowerBound..<min(columns, 4 * groups.upperBound), inner: inner,
          accumulate: accumulate, into: c, columns)
      }
      return
    }
    let status = dnnl_sgemm(
      letter(a), letter(b), Int64(rows), Int64(columns), Int64(inner), 1, a.pointer,
      Int64(max(1, a.rowStride)), b.pointer, Int64(max(1, b.rowStride)), accumulate ? 1 : 0, c,
      Int64(columns))
    dnnlCheck(status, "matmul", "multiplying [\(rows), \(inner)] by [\(inner), \(columns)]")
  }

  /// Products of a batch: side by side on the threads where each is small, else one after the other.
  static func products(_ a: Storage, _ b: Storage, _ geometry: ProductGeometry, into c: Storage) {
    let (rows, columns, inner) = (geometry.rows, geometry.columns, geometry.inner)
    nonisolated(unsafe) let (left, right, output) = (a.pointer, b.pointer, c.pointer)
    let one = { (index: Int) in
      product(
        Matrix(
          left + index * rows * inner, rowStride: geometry.transposeA ? rows : inner,
          transposed: geometry.transposeA),
        Matrix(
          right + index * inner * columns, rowStride: geometry.transposeB ? inner : columns,
          transposed: geometry.transposeB),
        rows: rows, columns: columns, inner: inner, into: output + index * rows * columns)
    }
    if geometry.batch >= 4 && rows * columns * inner < 4_000_000 {
      parallel(geometry.batch, one)
    } else {
      for index in 0..<geometry.batch { one(index) }
    }
  }

  /// Whether a product whose second factor alone is turned is faster row by row: with 64 rows of 2048 or of 8192 in less
  /// than half of the time.
  static func suitsRows(rows: Int, columns: Int, inner: Int) -> Bool {
    multipliesRowsFast && 5...128 ~= rows && columns >= 16 && inner >= 512
  }

  private static func letter(_ matrix: Matrix) -> CChar {
    CChar(matrix.isTransposed ? 84 : 78)  // "T" and "N" in ASCII
  }
}
