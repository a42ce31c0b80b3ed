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
