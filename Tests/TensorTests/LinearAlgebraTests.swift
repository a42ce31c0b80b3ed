import Tensor
import TestSupport
import Testing

@Suite("Linear algebra") struct LinearAlgebraTests {
  @Test("a symmetric matrix is rebuilt from eigenvalues and eigenvectors")
  func eigen() {
    var random = RandomStream(seed: 7, stream: "eigen")
    let half = Tensor.normal([12, 12], using: &random)
    let matrix = matmul(half, half, transposeB: true)
    let (values, vectors) = LinearAlgebra.eigenSymmetric(matrix)
    #expect(values.scalars() == values.scalars().sorted())
    #expect(difference(matmul(vectors * values, vectors, transposeB: true), matrix) < 1e-5)
  }

  @Test("eigenvalues of a small matrix are known")
  func eigenvalues() {
    let (values, _) = LinearAlgebra.eigenSymmetric(Tensor([2, 1, 1, 2], [2, 2]))
    #expect(difference(values.scalars(), [1, 3]) < 1e-6)
  }

  @Test("a matrix is rebuilt from orthonormal columns and a triangle", arguments: [1, 3, 8])
  func qr(columns: Int) {
    var random = RandomStream(seed: 8, stream: "qr")
    let matrix = Tensor.normal([8, columns], using: &random)
    let (q, r) = LinearAlgebra.qr(matrix)
    #expect(difference(matmul(q, r), matrix) < 1e-5)
    let unit = (0..<columns).flatMap { i in (0..<columns).map { Float($0 == i ? 1 : 0) } }
    #expect(difference(matmul(q, q, transposeA: true).scalars(), unit) < 1e-5)
    for i in 0..<columns {
      #expect(r.scalars()[i * columns + i] >= 0)
      for j in 0..<i { #expect(r.scalars()[i * columns + j] == 0) }
    }
  }
}

extension LinearAlgebraTests {
  /// A covariance of rank `rank`, in double precision.
  private func covariance(_ size: Int, rank: Int, _ name: String) -> [Double] {
    let rows = fixedNumbers([rank, size], stream: name).scalars().map { Double($0) }
    var result = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0..<size {
        for row in 0..<rank { result[i * size + j] += rows[row * size + i] * rows[row * size + j] }
      }
    }
    return result
  }

  private func squared(_ matrix: [Double], _ size: Int) -> [Double] {
    var result = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0..<size {
        for k in 0..<size { result[i * size + j] += matrix[i * size + k] * matrix[k * size + j] }
      }
    }
    return result
  }

  @Test("the square of the square root is the matrix, singular ones included", arguments: [9, 4])
  func squareRoot(rank: Int) {
    let matrix = covariance(9, rank: rank, "root")
    let square = squared(LinearAlgebra.squareRoot(matrix, size: 9), 9)
    for (found, expected) in zip(square, matrix) { #expect(abs(found - expected) < 1e-12) }
  }

  @Test("the trace of the root of a product, known for diagonals and for equal factors")
  func traceOfSquareRoot() {
    let (a, b) = ([4.0, 0, 0, 9], [1.0, 0, 0, 16])
    #expect(abs(LinearAlgebra.traceOfSquareRoot(a, times: b, size: 2) - 14) < 1e-12)
    // √(m·m) = m, also of a covariance of fewer samples than features.
    let matrix = covariance(9, rank: 4, "trace")
    let trace = (0..<9).reduce(0) { $0 + matrix[$1 * 10] }
    #expect(
      abs(LinearAlgebra.traceOfSquareRoot(matrix, times: matrix, size: 9) - trace) < 1e-6)
    #expect(LinearAlgebra.traceOfSquareRoot([], times: [], size: 0) == 0)
  }

  @Test("double precision keeps its digits in QR and eigenvalues")
  func doubles() {
    let numbers = fixedNumbers([6, 3], stream: "doubles").scalars().map { Double($0) }
    let (q, r) = LinearAlgebra.qr(numbers, rows: 6, columns: 3)
    for row in 0..<6 {
      for column in 0..<3 {
        let sum = (0..<3).reduce(0) { $0 + q[row * 3 + $1] * r[$1 * 3 + column] }
        #expect(abs(sum - numbers[row * 3 + column]) < 1e-14)
      }
    }
    let (values, _) = LinearAlgebra.eigenSymmetric([1, 1e-9, 1e-9, 1], size: 2)
    #expect(abs(values[1] - values[0] - 2e-9) < 1e-15)
  }
}
