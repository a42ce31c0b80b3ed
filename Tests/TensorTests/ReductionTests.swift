import Foundation
import Tensor
import TestSupport
import Testing

/// A shape and the axes that go.
struct ReductionCase: Sendable, CustomTestStringConvertible {
  let shape: [Int]
  let axes: [Int]?
  var testDescription: String { "\(shape) over \(axes.map { "\($0)" } ?? "all")" }
}

/// Groups the numbers of a tensor by the position that remains after a reduction.
private func groups(_ x: Tensor, _ axes: [Int]?) -> (shape: [Int], members: [[Double]]) {
  let axes = Set((axes ?? Array(0..<x.rank)).map { $0 < 0 ? $0 + x.rank : $0 })
  let kept = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
  var members = [[Double]](repeating: [], count: kept.reduce(1, *))
  for (position, value) in x.scalars().enumerated() {
    var rest = position
    var target = 0
    var step = 1
    for axis in x.shape.indices.reversed() {
      let index = rest % x.shape[axis]
      rest /= x.shape[axis]
      if !axes.contains(axis) { target += index * step }
      step *= kept[axis]
    }
    members[target].append(Double(value))
  }
  return (kept, members)
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

private func variance(_ values: [Double]) -> Double {
  let center = mean(values)
  return mean(values.map { ($0 - center) * ($0 - center) })
}

@Suite struct ReductionTests {
  static let small: [ReductionCase] = [
    ReductionCase(shape: [2, 3], axes: nil), ReductionCase(shape: [2, 3], axes: [0]),
    ReductionCase(shape: [2, 3], axes: [1]), ReductionCase(shape: [2, 3, 2], axes: [1]),
    ReductionCase(shape: [2, 3, 2], axes: [0, 2]),
    ReductionCase(shape: [2, 1, 3, 2], axes: [0, 2]),
    ReductionCase(shape: [1, 1], axes: nil), ReductionCase(shape: [], axes: nil),
    ReductionCase(shape: [2, 2, 2, 3], axes: [1, 3]), ReductionCase(shape: [3, 2], axes: [-1]),
  ]
  static let large: [ReductionCase] = [
    ReductionCase(shape: [40_007], axes: nil),
    ReductionCase(shape: [3, 33, 31, 19], axes: [0, 1, 2]),
    ReductionCase(shape: [3, 33, 31, 19], axes: [1, 2]),
    ReductionCase(shape: [3, 33, 31, 19], axes: [3]),
    ReductionCase(shape: [3, 33, 31, 19], axes: [0]),
    ReductionCase(shape: [3, 33, 31, 19], axes: [1, 3]),
    ReductionCase(shape: [2, 16, 16, 128], axes: [0, 1, 2]),
    ReductionCase(shape: [16, 5000], axes: [0]), ReductionCase(shape: [16, 5000], axes: [1]),
    ReductionCase(shape: [2, 7, 3001], axes: [1]), ReductionCase(shape: [20_001, 3], axes: [1]),
    ReductionCase(shape: [20_001, 3], axes: [0]),
    ReductionCase(shape: [4, 70, 700], axes: [1, 2]),
    ReductionCase(shape: [3, 50_000], axes: [0]), ReductionCase(shape: [300, 300], axes: [0, 1]),
  ]

  @Test("values agree with double precision", arguments: small + large)
  func values(_ item: ReductionCase) {
    let x = fixedNumbers(item.shape, in: -1...3)
    let (kept, members) = groups(x, item.axes)
    let sums = x.sum(axes: item.axes, keepingDims: true)
    #expect(sums.shape == kept)
    expectClose(sums, members.map { Float($0.reduce(0, +)) }, tolerance: 2e-6)
    expectClose(x.mean(axes: item.axes), members.map { Float(mean($0)) }, tolerance: 1e-6)
    #expect(x.max(axes: item.axes).scalars() == members.map { Float($0.max() ?? 0) })
    #expect(x.min(axes: item.axes).scalars() == members.map { Float($0.min() ?? 0) })
    expectClose(x.variance(axes: item.axes), members.map { Float(variance($0)) }, tolerance: 1e-6)
  }

  @Test("a chain is reduced without being written down", arguments: large)
  func chains(_ item: ReductionCase) {
    let x = fixedNumbers(item.shape, in: -1...3)
    let last = item.shape.last ?? 1
    let scale = fixedNumbers([last], in: 1...2, stream: "scale")
    let y = (x * scale + 1).leakyRelu(0.2)
    let written = (x * scale + 1).leakyRelu(0.2).evaluated()
    expectClose(
      y.sum(axes: item.axes), written.sum(axes: item.axes).scalars(), tolerance: 1e-6)
    expectClose(
      y.variance(axes: item.axes), written.variance(axes: item.axes).scalars(), tolerance: 1e-6)
  }

  @Test("first and second derivatives agree with differences", arguments: small)
  func derivatives(_ item: ReductionCase) {
    let x = fixedNumbers(item.shape, in: 0.5...2)
    expectGradients(at: [x]) { $0[0].square().sum(axes: item.axes) }
    expectGradients(at: [x]) { ($0[0] * $0[0] * $0[0]).mean(axes: item.axes, keepingDims: true) }
    expectGradients(at: [x]) { $0[0].square().variance(axes: item.axes) }
    if x.count > 1 {
      // Distinct elements, so that the greatest one stays the greatest.
      let spread = Tensor.range(x.count).reshaped(item.shape) * 0.3
      expectGradients(at: [spread]) { $0[0].square().max(axes: item.axes) }
      expectGradients(at: [spread]) { $0[0].square().min(axes: item.axes) }
    }
  }

  @Test("softmax and its relatives", arguments: [[3], [2, 3], [2, 3, 4]], [0, -1])
  func softmaxes(shape: [Int], axis: Int) {
    let x = fixedNumbers(shape, in: -3...3)
    let position = axis < 0 ? axis + shape.count : axis
    let (_, members) = groups(x, [position])
    let logs = members.map { Float(logOfSum($0)) }
    expectClose(x.logSumExp(axis: axis), logs, tolerance: 1e-6)
    expectClose(x.softmax(axis: axis).sum(axes: [axis]), logs.map { _ in 1 })
    expectClose(x.logSoftmax(axis: axis).exp(), x.softmax(axis: axis))
    expectGradients(at: [x]) { $0[0].softmax(axis: axis) }
    expectGradients(at: [x]) { $0[0].logSoftmax(axis: axis) }
    expectGradients(at: [x]) { $0[0].logSumExp(axis: axis) }
  }

  private func logOfSum(_ values: [Double]) -> Double {
    let highest = values.max() ?? 0
    return highest
      + Double(
        Tensor([Float(values.reduce(0) { $0 + exponential($1 - highest) })], []).log().item())
  }

  private func exponential(_ x: Double) -> Double { Double(Tensor(Float(x)).exp().item()) }

  @Test("large arguments do not overflow logSumExp and softmax")
  func largeArguments() {
    let x = Tensor([1000, 1000, -1000], [3])
    expectClose(x.logSumExp(), [1000.6931], tolerance: 1e-6)
    expectClose(x.softmax(), [0.5, 0.5, 0])
  }

  @Test("argmax takes the first of equals; running sums")
  func scans() {
    let x = Tensor([1, 5, 5, 7, 2, 7], [2, 3])
    #expect(x.argmax(axis: 1).scalars() == [1, 0])
    #expect(x.argmax(axis: 0).scalars() == [1, 0, 1])
    #expect(x.cumulativeSum(axis: 1).scalars() == [1, 6, 11, 7, 9, 16])
    #expect(x.cumulativeSum(axis: 0).scalars() == [1, 5, 5, 8, 7, 12])
    expectGradients(at: [fixedNumbers([2, 3])]) { $0[0].square().cumulativeSum(axis: 0) }
  }

  @Test("empty batches: sums are 0, results keep their shape")
  func empty() {
    let x = Tensor([], [0, 3])
    #expect(x.sum().item() == 0)
    #expect(x.sum(axes: [0]).scalars() == [0, 0, 0])
    #expect(x.sum(axes: [1]).shape == [0])
    #expect(x.mean(axes: [1]).scalars().isEmpty)
    let leaf = x.variable()
    #expect(gradients(of: leaf.square().sum(), at: [leaf])[0]?.shape == [0, 3])
  }

  @Test("the mean of 16 million elements keeps its digits")
  func accuracy() {
    let x = Tensor.full(0.1, [16, 1024, 1024]).evaluated()
    #expect(abs(x.mean().item() - 0.1) < 1e-7)
    let y = fixedNumbers([16_000_003], in: 1000...1001)
    let numbers = y.scalars()
    let mean = numbers.reduce(0.0) { $0 + Double($1) } / 16_000_003
    let spread = numbers.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    #expect(abs(Double(y.mean().item()) / mean - 1) < 1e-7)
    #expect(abs(Double(y.variance().item()) / (spread / 16_000_003) - 1) < 1e-5)
  }

  @Test("sums, norms and losses of 16 million elements keep their digits, whatever the axis")
  func accuracyOfLosses() {
    let x = fixedNumbers([1_000_003, 16], in: 0...1)
    let y = fixedNumbers([1_000_003, 16], in: 0...1, stream: "y")
    var (square, absolute, entropy) = (0.0, 0.0, 0.0)
    var columns = [Double](repeating: 0, count: 16)
    x.withScalars { a in
      y.withScalars { b in
        for i in a.indices {
          let (p, q) = (Double(a[i]), Double(b[i]))
          square += p * p
          absolute += abs(p - q)
          entropy += log(1 + exp(p)) - q * p
          columns[i % 16] += p
        }
      }
    }
    let count = Double(x.count)
    let pairs: [(found: Tensor, exact: Double)] = [
      (x.norm(), square.squareRoot()), (x.square().sum(), square),
      ((x - y).abs().mean(), absolute / count),
      (binaryCrossEntropy(logits: x, y), entropy / count),
    ]
    for (found, exact) in pairs {
      #expect(abs(Double(found.item()) - exact) < 1e-6 * exact)
    }
    for (found, exact) in zip(x.sum(axes: [0]).scalars(), columns) {
      #expect(abs(Double(found) - exact) < 1e-6 * exact)
    }
    let columnwise = standardized(x, axes: [0], epsilon: 1e-5)
    for (found, sum) in zip(columnwise.mean.scalars(), columns) {
      #expect(abs(Double(found) - sum / 1_000_003) < 1e-6)
    }
  }

  @Test("norm is the root of the sum of squares")
  func norm() {
    #expect(Tensor([3, 4], [2]).norm().item() == 5)
    expectGradients(at: [fixedNumbers([2, 3], in: 1...2)]) { $0[0].norm() }
  }
}
