import Tensor
import Testing

/// Read this first: the engine in a few lines.
@Suite struct SmokeTests {
  @Test("arithmetic stretches shapes and runs when it is read")
  func arithmetic() {
    let x = Tensor([1, 2, 3, 4, 5, 6], [2, 3])
    let y = (x * 2 + Tensor([10, 20, 30], [3])).relu() - 1
    #expect(y.scalars() == [11, 23, 35, 17, 29, 41])
    #expect(x.sum(axes: [0]).scalars() == [5, 7, 9])
    #expect(x.mean(axes: [1], keepingDims: true).scalars() == [2, 5])
    #expect(x.transposed().scalars() == [1, 4, 2, 5, 3, 6])
  }

  @Test("derivatives of derivatives")
  func derivatives() {
    let x = Tensor([1, 2, 3], [3]).variable()
    let y = (x * x * x).sum()
    let first = gradients(of: y, at: [x], differentiable: true)[0]
    #expect(first?.scalars() == [3, 12, 27])
    let second = first.flatMap { gradients(of: $0.sum(), at: [x])[0] }
    #expect(second?.scalars() == [6, 12, 18])
  }
}
