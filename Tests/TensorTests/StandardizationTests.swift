import Tensor
import TestSupport
import Testing

@Suite struct StandardizationTests {
  /// The same from ops only.
  private func reference(_ x: Tensor, _ axes: [Int], _ epsilon: Float) -> Tensor {
    let mean = x.mean(axes: axes, keepingDims: true)
    let centered = x - mean
    let variance = centered.square().mean(axes: axes, keepingDims: true)
    return centered / (variance + epsilon).sqrt()
  }

  static let cases: [ReductionCase] = [
    ReductionCase(shape: [2, 3, 2, 3], axes: [0, 1, 2]),
    ReductionCase(shape: [2, 3, 2, 3], axes: [1, 2]), ReductionCase(shape: [4, 5], axes: [1]),
    ReductionCase(shape: [2, 3, 2, 2], axes: [1, 3]),
    ReductionCase(shape: [2, 1, 1, 3], axes: [0]),
  ]

  @Test("agrees with the same made of ops, value and derivatives", arguments: cases)
  func agrees(_ item: ReductionCase) {
    let axes = item.axes ?? []
    let x = fixedNumbers(item.shape, in: -1...2)
    let (output, mean, variance) = standardized(x, axes: axes, epsilon: 1e-3)
    expectClose(output, reference(x, axes, 1e-3))
    expectClose(mean, x.mean(axes: axes, keepingDims: true))
    expectClose(variance, x.variance(axes: axes, keepingDims: true))
    expectGradients(at: [x]) { standardized($0[0], axes: axes, epsilon: 0.1).output }
    expectGradients(at: [x]) {
      standardized($0[0], axes: axes, epsilon: 0.1).output.tanh().square()
    }
    expectGradients(at: [x]) {
      let parts = standardized($0[0], axes: axes, epsilon: 0.1)
      return parts.mean.square() + parts.variance.square()
    }
  }

  @Test("moments keep their digits far from zero")
  func farFromZero() {
    let x = fixedNumbers([4, 32, 32, 8], in: 1000...1001)
    let variance = standardized(x, axes: [0, 1, 2], epsilon: 1e-5).variance
    let exact = (x - 1000).variance(axes: [0, 1, 2], keepingDims: true)
    expectClose(variance * 12, (exact * 12).scalars(), tolerance: 1e-4)
  }

  @Test("joint passes of modulated normalisation agree with single ones")
  func modulated() {
    let x = fixedNumbers([3, 20, 20, 16], in: -1...2).variable()
    let scale = fixedNumbers([16], in: 1...2, stream: "scale").variable()
    let shift = fixedNumbers([16], stream: "shift").variable()
    let weight = fixedNumbers([3, 20, 20, 16], stream: "weight")
    let fused = (standardized(x, axes: [0, 1, 2], epsilon: 1e-5).output * scale + shift)
    let a = gradients(of: (fused.leakyRelu(0.2) * weight).sum(), at: [x, scale, shift])
    let plain = reference(x, [0, 1, 2], 1e-5).evaluated() * scale + shift
    let b = gradients(of: (plain.leakyRelu(0.2) * weight).sum(), at: [x, scale, shift])
    for (left, right) in zip(a, b) {
      guard let left, let right else {
        Issue.record("a derivative is missing")
        continue
      }
      expectClose(left, right, tolerance: 1e-4)
    }
  }

  @Test("normalisation, modulation and activation take two passes forwards and two backwards")
  func passes() {
    let x = fixedNumbers([2, 24, 24, 32]).evaluated().variable()
    let scale = fixedNumbers([32], in: 1...2, stream: "scale").evaluated().variable()
    let shift = fixedNumbers([32], stream: "shift").evaluated().variable()
    let g = fixedNumbers([2, 24, 24, 32], stream: "g").evaluated()
    let y = (standardized(x, axes: [0, 1, 2], epsilon: 1e-5).output * scale + shift).leakyRelu(0.2)
    var before = Compute.passes
    y.evaluated()
    // Besides the two large passes a small one, for 1/√(variance + ε).
    #expect(Compute.passes - before == 3)
    before = Compute.passes
    let slopes = gradients(of: y, cotangent: g, at: [x, scale, shift]).compactMap { $0 }
    slopes[0].evaluated()
    // One joint reduction and one pass for dx, besides small ones for sums times scale.
    #expect(Compute.passes - before <= 4)
    before = Compute.passes
    Tensor.evaluate([slopes[1], slopes[2]])
    #expect(Compute.passes - before <= 1)  // the large sums were found on the way
  }
}
