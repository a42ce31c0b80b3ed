import TestSupport
import Testing

@testable import Tensor

@Suite("Matmul") struct MatmulTests {
  static let flags = [(false, false), (true, false), (false, true), (true, true)]

  @Test("every combination of transposes gives the same product", arguments: flags)
  func transposes(_ transposeA: Bool, _ transposeB: Bool) {
    let a = transposeA ? Tensor([1, 4, 2, 5, 3, 6], [3, 2]) : Tensor([1, 2, 3, 4, 5, 6], [2, 3])
    let b = transposeB ? Tensor([7, 9, 2, 8, 1, 0], [2, 3]) : Tensor([7, 8, 9, 1, 2, 0], [3, 2])
    let product = matmul(a, b, transposeA: transposeA, transposeB: transposeB)
    #expect(product.shape == [2, 2])
    #expect(product.scalars() == [31, 10, 85, 37])
  }

  @Test("a batch multiplies pair by pair", arguments: flags)
  func batch(_ transposeA: Bool, _ transposeB: Bool) {
    var random = RandomStream(seed: 5, stream: "matmul")
    let a = Tensor.normal(transposeA ? [5, 3, 4] : [5, 4, 3], using: &random)
    let b = Tensor.normal(transposeB ? [5, 2, 3] : [5, 3, 2], using: &random)
    let product = matmul(a, b, transposeA: transposeA, transposeB: transposeB)
    for i in 0..<5 {
      let one = matmul(
        a.sliced(axis: 0, from: i, to: i + 1).squeezed(0),
        b.sliced(axis: 0, from: i, to: i + 1).squeezed(0),
        transposeA: transposeA, transposeB: transposeB)
      #expect(difference(product.sliced(axis: 0, from: i, to: i + 1).squeezed(0), one) < 1e-6)
    }
  }

  @Test("derivatives agree with differences, also of second order", arguments: flags)
  func derivatives(_ transposeA: Bool, _ transposeB: Bool) throws {
    var random = RandomStream(seed: 6, stream: "matmul")
    let a = Tensor.normal(transposeA ? [2, 3, 4] : [2, 4, 3], using: &random).variable()
    let b = Tensor.normal(transposeB ? [2, 2, 3] : [2, 3, 2], using: &random).variable()
    let slope = { (a: Tensor, b: Tensor) -> Tensor? in
      let y = matmul(a, b, transposeA: transposeA, transposeB: transposeB)
      let g = gradients(of: (y * y).sum(), at: [a, b], differentiable: true)
      guard let ga = g[0], let gb = g[1] else { return nil }
      return (ga * ga).sum() + (gb * gb * gb).sum()
    }
    let second = gradients(of: try #require(slope(a, b)), at: [a, b])
    for (index, input) in [a, b].enumerated() {
      let direction = Tensor.normal(input.shape, using: &random)
      let shifted = { (step: Float) throws -> Float in
        let moved = (input + direction * step).detached().variable()
        return try #require(index == 0 ? slope(moved, b) : slope(a, moved)).item()
      }
      let numeric = (try shifted(1e-2) - shifted(-1e-2)) / 2e-2
      let exact = (try #require(second[index]) * direction).sum().item()
      #expect(abs(numeric - exact) < 1e-2 * max(1, abs(exact)))
    }
  }

  @Test(
    "a weight of several products receives one derivative over all rows", arguments: [false, true])
  func shared(_ transposeB: Bool) {
    let rows = [fixedNumbers([3, 4]), fixedNumbers([1, 4], stream: "b"), Tensor.zeros([0, 4])]
    let weight = fixedNumbers(transposeB ? [5, 4] : [4, 5], stream: "weight")
    expectGradients(at: [rows[0], rows[1], weight]) { x in
      let parts = [x[0], x[1].square(), rows[2]].map { matmul($0, x[2], transposeB: transposeB) }
      return Tensor.concatenated(parts, axis: 0).tanh() + x[2].square().sum()
    }
  }

  @Test(
    "long rows with long rows agree with double precision, our own also on one thread",
    arguments: [(5, 16, 512), (6, 33, 2049), (256, 18, 600), (7, 100, 4113), (4, 16, 5000)])
  func longRows(_ rows: Int, _ columns: Int, _ inner: Int) {
    let (a, b) = (fixedNumbers([rows, inner]), fixedNumbers([columns, inner], stream: "b"))
    let product = matmul(a, b, transposeB: true)
    let (left, right) = (a.scalars().map(Double.init), b.scalars().map(Double.init))
    let expected = (0..<rows * columns).map { index in
      let (row, column) = (index / columns * inner, index % columns * inner)
      return Float((0..<inner).reduce(0) { $0 + left[row + $1] * right[column + $1] })
    }
    #expect(difference(product, Tensor(expected, [rows, columns])) < 1e-5)
    guard BLAS.suitsRows(rows: rows, columns: columns, inner: inner) else { return }
    let threads = Compute.threads
    defer { Compute.threads = threads }
    Compute.threads = 1
    #expect(matmul(a, b, transposeB: true).scalars() == product.scalars())
  }

  @Test("a batch of long rows multiplies pair by pair")
  func batchOfLongRows() {
    let (a, b) = (fixedNumbers([5, 6, 600]), fixedNumbers([5, 18, 600], stream: "b"))
    let product = matmul(a, b, transposeB: true)
    for index in 0..<5 {
      let part = { (x: Tensor) in x.sliced(axis: 0, from: index, to: index + 1).squeezed(0) }
      #expect(difference(part(product), matmul(part(a), part(b), transposeB: true)) < 1e-6)
    }
  }

  @Test("empty sizes give empty or zero products")
  func empty() {
    #expect(matmul(Tensor.zeros([0, 3]), Tensor.ones([3, 2])).shape == [0, 2])
    #expect(matmul(Tensor.zeros([2, 0]), Tensor.zeros([0, 2])).scalars() == [0, 0, 0, 0])
  }
}
