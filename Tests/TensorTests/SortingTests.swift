import Tensor
import TestSupport
import Testing

@Suite("Order, indices and masks") struct SortingTests {
  let lengths = Tensor([3, 5, 0, 5, 1], [5])

  @Test("argsort keeps equal elements in their order")
  func argsort() {
    #expect(lengths.argsort(.descending).scalars() == [1, 3, 0, 4, 2])
    #expect(lengths.argsort().scalars() == [2, 4, 0, 1, 3])
    let x = Tensor([3, 1, 2, 0, 5, 4], [2, 3])
    #expect(x.argsort(axis: 0).scalars() == [1, 0, 0, 0, 1, 1])
    #expect(x.argsort(axis: 1).scalars() == [1, 2, 0, 0, 2, 1])
    #expect(Tensor([], [0]).argsort().shape == [0])
  }

  @Test("the first of the smallest")
  func argmin() {
    #expect(lengths.argmin().item() == 2)
    #expect(Tensor([2, 1, 1, 0, 0, 5], [2, 3]).argmin(axis: 1).scalars() == [1, 0])
  }

  @Test("a softmax over nothing is zero and passes no derivative")
  func nothing() throws {
    let x = Tensor([1, 2, 3, 1000, -1000, 0], [2, 3]).variable()
    let y = x.softmax(mask: Tensor([0, 0, 0, 0, 1, 0], [2, 3]))
    #expect(y.scalars() == [0, 0, 0, 0, 1, 0])
    #expect(
      try #require(gradients(of: y.square().sum(), at: [x])[0]).scalars().allSatisfy { $0 == 0 })
  }

  @Test("a masked softmax along any axis is that of what the mask lets through", arguments: 0..<3)
  func maskedAxes(_ axis: Int) {
    let x = fixedNumbers([3, 4, 5], in: -2...2)
    let mask = fixedNumbers([3, 4, 5], in: -1...1, stream: "mask").relu().sign()
    // What is left out counts as exp(-1e4) = 0, except where nothing is let through.
    let open = mask.max(axes: [axis], keepingDims: true)
    let expected = (x + (mask - 1) * 1e4).softmax(axis: axis) * open
    expectClose(x.softmax(axis: axis, mask: mask), expected, tolerance: 1e-6)
    expectGradients(at: [x]) { $0[0].softmax(axis: axis, mask: mask) }
  }

  @Test("attention takes a mask for each query, and returns its weights")
  func maskPerQuery() {
    let queries = fixedNumbers([2, 3, 4], stream: "queries")
    let (keys, values) = (fixedNumbers([2, 5, 4]), fixedNumbers([2, 5, 6], stream: "values"))
    let mask = fixedNumbers([2, 3, 5], in: -1...1, stream: "mask").relu().sign()
    let (result, weights) = attention(queries, keys: keys, values: values, mask: mask, scale: 0.5)
    let scores = matmul(queries, keys, transposeB: true) * 0.5
    let open = mask.max(axes: [2], keepingDims: true)
    expectClose(weights, (scores + (mask - 1) * 1e4).softmax() * open, tolerance: 1e-6)
    expectClose(result, matmul(weights, values), tolerance: 1e-6)
  }

  @Test("the norm of zeros has the derivative zero, to second order too")
  func normOfZeros() throws {
    let x = Tensor([0, 0, 3, 4], [2, 2]).variable()
    let y = x.norm(axes: [1])
    #expect(y.scalars() == [0, 5])
    let slope = try #require(gradients(of: y.sum(), at: [x], differentiable: true)[0])
    expectClose(slope, [0, 0, 0.6, 0.8])
    let second = try #require(gradients(of: slope.square().sum(), at: [x])[0])
    #expect(second.scalars().allSatisfy { $0.isFinite })
  }

  @Test("a cross-entropy of ignored elements only is zero")
  func ignored() {
    let scores = Tensor.ones([2, 3]).variable()
    let loss = crossEntropy(scores, Tensor([9, 9], [2]), ignored: 9)
    #expect(loss.item() == 0)
    #expect(gradients(of: loss, at: [scores])[0]?.scalars().allSatisfy { $0 == 0 } ?? false)
  }

  @Test("cross-entropies of large logits are exact")
  func large() {
    let logits = Tensor([-200, 200, 30, -30], [4])
    let losses = binaryCrossEntropy(logits: logits, Tensor([1, 1, 1, 0], [4]), reduction: .none)
    #expect(losses.scalars()[0...1] == [200, 0])
    // log(1 + e^-30), which 1 + e^-30 in single precision would lose
    #expect(difference(Array(losses.scalars()[2...]), [9.357623e-14, 9.357623e-14]) < 1e-5)
    let scores = Tensor([1000, 0, -1000, 0], [2, 2])
    #expect(crossEntropy(scores, Tensor([1, 1], [2]), reduction: .none).scalars() == [1000, 0])
  }

  @Test("nearest resizing rounds its step as PyTorch does")
  func nearestStep() {
    // 41 · (2 / 82) is just below 1 in single precision.
    let x = Tensor([0, 1], [1, 2, 1, 1])
    #expect(resizeNearest(x, to: Size2(82, 1)).sum().item() == 40)
  }
}
