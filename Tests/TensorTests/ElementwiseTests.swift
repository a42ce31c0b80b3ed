import Foundation
import Tensor
import TestSupport
import Testing

/// A function of one number, as a tensor op and in double precision.
struct UnaryCase: Sendable, CustomTestStringConvertible {
  let name: String
  var range: ClosedRange<Float> = -3...3
  var step: Float = 4e-3
  /// Whether derivatives are smooth over the range, so that differences can check them.
  var isSmooth = true
  let op: @Sendable (Tensor) -> Tensor
  let exact: @Sendable (Double) -> Double
  var testDescription: String { name }
}

let unaryCases: [UnaryCase] = [
  UnaryCase(name: "exp", op: { $0.exp() }, exact: { exp($0) }),
  UnaryCase(name: "log", range: 0.3...4, op: { $0.log() }, exact: { log($0) }),
  UnaryCase(name: "sqrt", range: 0.3...4, op: { $0.sqrt() }, exact: { $0.squareRoot() }),
  UnaryCase(name: "rsqrt", range: 0.5...4, op: { $0.rsqrt() }, exact: { 1 / $0.squareRoot() }),
  UnaryCase(name: "reciprocal", range: 0.5...4, op: { $0.reciprocal() }, exact: { 1 / $0 }),
  UnaryCase(name: "abs", range: 0.1...3, op: { $0.abs() }, exact: { abs($0) }),
  UnaryCase(name: "abs of negatives", range: -3 ... -0.1, op: { $0.abs() }, exact: { abs($0) }),
  UnaryCase(name: "square", op: { $0.square() }, exact: { $0 * $0 }),
  UnaryCase(name: "tanh", op: { $0.tanh() }, exact: { tanh($0) }),
  UnaryCase(name: "sigmoid", op: { $0.sigmoid() }, exact: { 1 / (1 + exp(-$0)) }),
  UnaryCase(name: "softplus", op: { $0.softplus() }, exact: { log1p(exp($0)) }),
  UnaryCase(name: "sin", op: { $0.sin() }, exact: { sin($0) }),
  UnaryCase(name: "cos", op: { $0.cos() }, exact: { cos($0) }),
  UnaryCase(name: "negate", op: { -$0 }, exact: { -$0 }),
  UnaryCase(name: "pow 3", op: { $0.pow(3) }, exact: { $0 * $0 * $0 }),
  UnaryCase(name: "pow 1.7", range: 0.5...3, op: { $0.pow(1.7) }, exact: { pow($0, 1.7) }),
  UnaryCase(name: "pow -1", range: 0.5...3, op: { $0.pow(-1) }, exact: { 1 / $0 }),
  UnaryCase(name: "relu", range: 0.1...3, op: { $0.relu() }, exact: { max($0, 0) }),
  UnaryCase(
    name: "relu of negatives", range: -3 ... -0.1, op: { $0.relu() }, exact: { max($0, 0) }),
  UnaryCase(
    name: "leakyRelu", isSmooth: false, op: { $0.leakyRelu(0.1) },
    exact: { $0 > 0 ? $0 : Double(Float(0.1)) * $0 }),
  UnaryCase(
    name: "clamp", isSmooth: false, op: { $0.clamp(min: -1, max: 2) },
    exact: { min(max($0, -1), 2) }),
  UnaryCase(name: "sign", isSmooth: false, op: { $0.sign() }, exact: { $0 > 0 ? 1 : -1 }),
  UnaryCase(name: "floor", isSmooth: false, op: { $0.floor() }, exact: { $0.rounded(.down) }),
  UnaryCase(
    name: "round", isSmooth: false, op: { $0.round() }, exact: { $0.rounded(.toNearestOrEven) }),
  UnaryCase(name: "x + 2", op: { $0 + 2 }, exact: { $0 + 2 }),
  UnaryCase(name: "2 - x", op: { 2 - $0 }, exact: { 2 - $0 }),
  UnaryCase(name: "x / 2", op: { $0 / 2 }, exact: { $0 / 2 }),
  UnaryCase(name: "2 / x", range: 0.5...3, op: { 2 / $0 }, exact: { 2 / $0 }),
  UnaryCase(
    name: "swish", op: { $0 * $0.sigmoid() }, exact: { $0 / (1 + exp(-$0)) }),
]

@Suite struct ElementwiseTests {
  @Test("values agree with double precision, at odd sizes", arguments: unaryCases)
  func values(of item: UnaryCase) {
    for count in [1, 7, 64, 1025, 40_001] {
      let x = fixedNumbers([count], in: item.range)
      let expected = x.scalars().map { Float(item.exact(Double($0))) }
      expectClose(item.op(x), expected, tolerance: 1e-6, "\(count) elements")
    }
  }

  @Test(
    "first and second derivatives agree with differences", arguments: unaryCases.filter(\.isSmooth))
  func derivatives(of item: UnaryCase) {
    let x = fixedNumbers([2, 3], in: item.range, stream: item.name)
    expectGradients(at: [x], tolerance: GradientTolerance(step: item.step)) { item.op($0[0]) }
  }

  @Test("an empty tensor passes every function", arguments: unaryCases)
  func empty(_ item: UnaryCase) {
    let y = item.op(Tensor([], [0, 3]))
    #expect(y.shape == [0, 3])
    #expect(y.scalars().isEmpty)
  }

  @Test("exp, log, tanh and softplus hold at the ends of their range")
  func extremes() {
    expectClose(
      Tensor([-200, 0, 88, 89, 200], [5]).exp(),
      [0, 1, 1.6516363e38, .infinity, .infinity])
    expectClose(
      Tensor([0, 1, .infinity], [3]).log(), [-.infinity, 0, .infinity],
      tolerance: 1e-4)
    #expect(Tensor([-1], [1]).log().scalars()[0].isNaN)
    expectClose(Tensor([-50, -1e-5, 1e-5, 50], [4]).tanh(), [-1, -1e-5, 1e-5, 1], tolerance: 1e-6)
    let small = Tensor([-20], [1]).softplus().item()
    #expect(abs(small / 2.0611536e-9 - 1) < 1e-5)
    #expect(Tensor([Float.nan], [1]).exp().item().isNaN)
  }

  @Test("not-a-number and infinity pass through arithmetic")
  func specials() {
    let x = Tensor([.nan, .infinity, -.infinity], [3])
    let y = (x * 2 + 1).scalars()
    #expect(y[0].isNaN && y[1] == .infinity && y[2] == -.infinity)
  }

  @Test("not-a-number passes through choices, and stops no derivative from being zero")
  func notANumberIsNeverDropped() {
    let x = Tensor([.nan, 1, -1], [3])
    for y in [x.relu(), x.leakyRelu(0.2), x.clamp(min: -2, max: 2), x.abs()] {
      #expect(y.scalars().map(\.isNaN) == [true, false, false])
    }
    let other = Tensor([0, .nan, 0], [3])
    for y in [maximum(x, other), minimum(x, other), maximum(other, x), minimum(other, x)] {
      #expect(y.scalars().map(\.isNaN) == [true, true, false])
    }
    let negative = Tensor([-1, 2], [2]).variable()
    let infinite = Tensor([.infinity, 3], [2])
    let gradient = gradients(of: negative.relu(), cotangent: infinite, at: [negative])[0]
    #expect(gradient?.scalars() == [0, 3])
  }

  @Test(
    "the slope of a leaky ReLU at zero, and where signs turn around",
    arguments: [0, 0.2, 1, 1.5, -0.5])
  func leakySlopes(_ slope: Float) {
    let x = Tensor([-2, -0.0, 0, 3], [4]).variable()
    let y = x.leakyRelu(slope)
    #expect(y.scalars() == [-2 * slope, 0, 0, 3])
    let gradient = gradients(of: y, cotangent: Tensor([1, 2, 3, 4], [4]), at: [x])[0]
    #expect(gradient?.scalars() == [slope, 2 * slope, 3 * slope, 4])
  }

  @Test(
    "not-a-number wins a maximum, a minimum and an argmax wherever it stands",
    arguments: [1, 3, 40, 2000], [false, true])
  func notANumberWins(_ count: Int, _ isInner: Bool) {
    for place in Set([0, count / 2, count - 1]) {
      var numbers = (0..<count).map { Float($0 % 7) }
      numbers[place] = .nan
      let x = isInner ? Tensor(numbers, [1, count]) : Tensor(numbers, [count, 1])
      let axis = isInner ? 1 : 0
      #expect(x.max(axes: [axis]).item().isNaN, "\(place) of \(count)")
      #expect(x.min(axes: [axis]).item().isNaN, "\(place) of \(count)")
      #expect(x.argmax(axis: axis).item() == Float(place), "\(place) of \(count)")
    }
  }

  @Test("comparisons and choices")
  func comparisons() {
    let a = Tensor([1, 2, 3], [3])
    let b = Tensor([3, 2, 1], [3])
    #expect((a .> b).scalars() == [0, 0, 1])
    #expect((a .< b).scalars() == [1, 0, 0])
    #expect((a .>= b).scalars() == [0, 1, 1])
    #expect((a .<= b).scalars() == [1, 1, 0])
    #expect((a .== b).scalars() == [0, 1, 0])
    #expect((a .> 2).scalars() == [0, 0, 1])
    #expect((a .<= 2).scalars() == [1, 1, 0])
    #expect(maximum(a, b).scalars() == [3, 2, 3])
    #expect(minimum(a, b).scalars() == [1, 2, 1])
    #expect(`where`(a .> 1, a, b * 10).scalars() == [30, 2, 3])
    #expect(a.oneHot(classes: 4).scalars() == [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
  }

  @Test("equal elements share the derivative of maximum")
  func ties() {
    let a = Tensor([1, 2], [2]).variable()
    let b = Tensor([1, 0], [2]).variable()
    let slopes = gradients(of: maximum(a, b).sum(), at: [a, b])
    #expect(slopes[0]?.scalars() == [0.5, 1])
    #expect(slopes[1]?.scalars() == [0.5, 0])
  }
}
