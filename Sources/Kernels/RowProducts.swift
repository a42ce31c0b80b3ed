internal import CIntrinsics

/// Whether ``multiplyRows`` is compiled for vectors as wide as its registers are laid out for; with others it is right,
/// and slow.
package let multipliesRowsFast = intrinsic_has_wide_vectors

/// Products of rows with rows, `c = a · bᵀ` or `c += a · bᵀ`, for columns `columns` of `c`, the rows of `b`.
///
/// Rows are `inner` floats; those of `a` lie `aStep` apart, and so on. Sums run along the rows as these lie in memory, so
/// nothing is turned, and each row of `b` is read once. Numbers do not depend on how the columns are divided.
public func multiplyRows(
  _ a: UnsafePointer<Float>, _ aStep: Int, rows: Int, _ b: UnsafePointer<Float>, _ bStep: Int,
  columns: Range<Int>, inner: Int, accumulate: Bool, into c: UnsafeMutablePointer<Float>,
  _ cStep: Int
) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 4 * packedStep) { buffer in
    guard let packed = buffer.baseAddress else { return }
    for first in stride(from: 0, to: inner, by: depth) {
      let count = min(depth, inner - first)
      for column in stride(from: columns.lowerBound, to: columns.upperBound, by: 4) {
        let width = min(4, columns.upperBound - column)
        for index in 0..<width {
          copyRun(packed + index * packedStep, b + (column + index) * bStep + first, count)
        }
        for row in stride(from: 0, to: rows, by: 4) {
          multiplyBlock(
            a + row * aStep + first, aStep, height: min(4, rows - row), packed, width: width, count,
            accumulate: accumulate || first > 0, into: c + row * cStep + column, cStep)
        }
      }
    }
  }
}

private typealias Lanes = SIMD16<Float>

/// Floats of a row at a time: four rows fill a first-level cache.
private let depth = 2048
/// Rows of a power of two of floats would compete for the same few lines of that cache.
private let packedStep = depth + 16

/// Up to 4 by 4 sums, which stay in registers.
private func multiplyBlock(
  _ a: UnsafePointer<Float>, _ aStep: Int, height: Int, _ b: UnsafePointer<Float>, width: Int,
  _ count: Int, accumulate: Bool, into c: UnsafeMutablePointer<Float>, _ cStep: Int
) {
  // Rows that are missing stand for the first, and their sums are not written.
  let a1 = height > 1 ? a + aStep : a
  let a2 = height > 2 ? a + 2 * aStep : a
  let a3 = height > 3 ? a + 3 * aStep : a
  let b1 = width > 1 ? b + packedStep : b
  let b2 = width > 2 ? b + 2 * packedStep : b
  let b3 = width > 3 ? b + 3 * packedStep : b
  var (s00, s01, s02, s03) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
  var (s10, s11, s12, s13) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
  var (s20, s21, s22, s23) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
  var (s30, s31, s32, s33) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
  var i = 0
  while i + 16 <= count {
    let (y0, y1, y2, y3) = (lanes(b, i), lanes(b1, i), lanes(b2, i), lanes(b3, i))
    let (x0, x1, x2, x3) = (lanes(a, i), lanes(a1, i), lanes(a2, i), lanes(a3, i))
    s00.addProduct(x0, y0)
    s01.addProduct(x0, y1)
    s02.addProduct(x0, y2)
    s03.addProduct(x0, y3)
    s10.addProduct(x1, y0)
    s11.addProduct(x1, y1)
    s12.addProduct(x1, y2)
    s13.addProduct(x1, y3)
    s20.addProduct(x2, y0)
    s21.addProduct(x2, y1)
    s22.addProduct(x2, y2)
    s23.addProduct(x2, y3)
    s30.addProduct(x3, y0)
    s31.addProduct(x3, y1)
    s32.addProduct(x3, y2)
    s33.addProduct(x3, y3)
    i += 16
  }
  let sums = Lanes(
    s00.sum(), s01.sum(), s02.sum(), s03.sum(), s10.sum(), s11.sum(), s12.sum(), s13.sum(),
    s20.sum(), s21.sum(), s22.sum(), s23.sum(), s30.sum(), s31.sum(), s32.sum(), s33.sum())
  for row in 0..<height {
    for column in 0..<width {
      var sum = sums[4 * row + column]
      for j in i..<count { sum += a[row * aStep + j] * b[column * packedStep + j] }
      let target = c + row * cStep + column
      target.pointee = accumulate ? target.pointee + sum : sum
    }
  }
}

@inline(__always)
private func lanes(_ row: UnsafePointer<Float>, _ index: Int) -> Lanes {
  UnsafeRawPointer(row + index).loadUnaligned(as: Lanes.self)
}
