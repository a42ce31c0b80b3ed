import Tensor
import TestSupport
import Testing

/// Two shapes that stretch to a common one.
struct ShapePair: Sendable, CustomTestStringConvertible {
  let a: [Int]
  let b: [Int]
  var testDescription: String { "\(a) with \(b)" }
}

@Suite struct BroadcastTests {
  static let pairs: [ShapePair] = [
    ShapePair(a: [2, 3], b: [2, 3]), ShapePair(a: [2, 3], b: [3]), ShapePair(a: [2, 3], b: []),
    ShapePair(a: [2, 3, 4], b: [2, 1, 4]), ShapePair(a: [2, 3, 4], b: [2, 3, 1]),
    ShapePair(a: [2, 3, 4], b: [1, 3, 1]), ShapePair(a: [2, 1, 4], b: [3, 1]),
    ShapePair(a: [1, 1], b: [4, 3]), ShapePair(a: [2, 3, 2, 3], b: [2, 1, 2, 1]),
    ShapePair(a: [1, 5], b: [5, 1]),
  ]

  /// The element-wise op, computed index by index.
  private func reference(
    _ a: Tensor, _ b: Tensor, _ shape: [Int], _ f: (Float, Float) -> Float
  ) -> [Float] {
    let (x, y) = (a.scalars(), b.scalars())
    func offset(_ index: [Int], _ of: [Int]) -> Int {
      var result = 0
      for (axis, size) in of.enumerated() {
        result = result * size + (size == 1 ? 0 : index[index.count - of.count + axis])
      }
      return result
    }
    var results: [Float] = []
    for position in 0..<shape.reduce(1, *) {
      var index = shape
      var rest = position
      for axis in shape.indices.reversed() {
        index[axis] = rest % shape[axis]
        rest /= shape[axis]
      }
      results.append(f(x[offset(index, a.shape)], y[offset(index, b.shape)]))
    }
    return results
  }

  @Test("values of stretched arithmetic", arguments: pairs)
  func values(_ pair: ShapePair) {
    let a = fixedNumbers(pair.a, in: 1...2, stream: "a")
    let b = fixedNumbers(pair.b, in: 1...2, stream: "b")
    let sum = a + b
    expectClose(sum, reference(a, b, sum.shape, +))
    expectClose(a - b, reference(a, b, sum.shape, -))
    expectClose(a * b, reference(a, b, sum.shape, *))
    expectClose(a / b, reference(a, b, sum.shape, /))
    expectClose(b - a, reference(b, a, sum.shape, -))
  }

  @Test("derivatives of stretched arithmetic", arguments: pairs)
  func derivatives(_ pair: ShapePair) {
    let a = fixedNumbers(pair.a, in: 1...2, stream: "a")
    let b = fixedNumbers(pair.b, in: 1...2, stream: "b")
    expectGradients(at: [a, b]) { $0[0] + $0[1] * $0[1] }
    expectGradients(at: [a, b]) { $0[0] * $0[1] - $0[1] }
    expectGradients(at: [a, b]) { $0[0] / $0[1] }
    expectGradients(at: [a, b]) { `where`(Tensor([1], [1]), $0[0] * $0[0], $0[1]) }
  }

  @Test(
    "large stretched operands: per channel, per sample, per pixel, in odd sizes",
    arguments: [
      ShapePair(a: [2, 33, 31, 3], b: [3]), ShapePair(a: [2, 33, 31, 3], b: [2, 1, 1, 3]),
      ShapePair(a: [2, 33, 31, 3], b: [2, 33, 31, 1]),
      ShapePair(a: [3, 9, 11, 64], b: [3, 1, 1, 64]),
      ShapePair(a: [3, 9, 11, 64], b: [1, 9, 11, 1]), ShapePair(a: [2, 5, 3000], b: [2, 1, 3000]),
      ShapePair(a: [70, 1, 70], b: [1, 70, 1]), ShapePair(a: [5, 40, 1, 40], b: [5, 1, 40, 40]),
      ShapePair(a: [40_000], b: [1]), ShapePair(a: [2, 4, 4, 20], b: [2, 1, 1, 20]),
    ])
  func large(_ pair: ShapePair) {
    let a = fixedNumbers(pair.a, in: 1...2, stream: "a")
    let b = fixedNumbers(pair.b, in: 1...2, stream: "b")
    let product = a * b
    let expected = reference(a, b, product.shape, *)
    expectClose(product, expected)
    expectClose((a * b).sum(), [Float(expected.reduce(0.0) { $0 + Double($1) })], tolerance: 1e-5)
  }
}
