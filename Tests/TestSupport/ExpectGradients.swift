import Tensor
import Testing

/// How exact a derivative must be, and how far finite differences reach.
public struct GradientTolerance: Sendable {
  /// Half the distance between the two points of a difference.
  public var step: Float
  /// Allowed error, relative to the greatest derivative or 1.
  public var error: Float

  /// A tolerance; the defaults suit smooth functions of numbers near 1.
  public init(step: Float = 4e-3, error: Float = 4e-3) {
    self.step = step
    self.error = error
  }
}

/// Expects the derivatives of a function of tensors to agree with finite differences, first and second order.
///
/// The function's result is contracted with fixed random numbers c to L = Σ c·f(x). First order: ∂L/∂x against
/// differences of L. Second order: the derivative of Σ u·∂L/∂x against differences of that sum.
///
/// - Parameters:
///   - inputs: the points; small, since each element costs two evaluations.
///   - secondOrder: whether to check derivatives of derivatives too.
///   - tolerance: how exact.
///   - sourceLocation: where the expectation stands.
///   - function: what is differentiated; called often, so it must not depend on anything else.
public func expectGradients(
  at inputs: [Tensor], secondOrder: Bool = true,
  tolerance: GradientTolerance = GradientTolerance(),
  sourceLocation: SourceLocation = #_sourceLocation, of function: ([Tensor]) -> Tensor
) {
  let cotangent = fixedNumbers(withoutGradient { function(inputs) }.shape, stream: "cotangent")
  let directions = inputs.enumerated().map { fixedNumbers($1.shape, stream: "direction.\($0)") }

  func contracted(_ points: [Tensor]) -> Double {
    dot(withoutGradient { function(points) }, cotangent)
  }
  func slopes(_ points: [Tensor], differentiable: Bool) -> (leaves: [Tensor], slopes: [Tensor?]) {
    let leaves = points.map { $0.variable() }
    let result = (function(leaves) * cotangent).sum()
    return (leaves, gradients(of: result, at: leaves, differentiable: differentiable))
  }
  func slopeAlong(_ points: [Tensor]) -> Double {
    zip(slopes(points, differentiable: false).slopes, directions).reduce(0) { sum, pair in
      sum + (pair.0.map { dot($0, pair.1) } ?? 0)
    }
  }

  compare(
    slopes(inputs, differentiable: false).slopes, with: contracted, inputs, tolerance,
    "first order", sourceLocation)
  guard secondOrder else { return }
  let (leaves, first) = slopes(inputs, differentiable: true)
  var along: Tensor?
  for (slope, direction) in zip(first, directions) {
    guard let slope, slope.requiresGradient else { continue }
    let term = (slope * direction).sum()
    along = along.map { $0 + term } ?? term
  }
  let second = along.map { gradients(of: $0, at: leaves) } ?? inputs.map { _ in nil }
  compare(second, with: slopeAlong, inputs, tolerance, "second order", sourceLocation)
}

/// Compares derivatives with central differences of a function of the inputs.
private func compare(
  _ derivatives: [Tensor?], with function: ([Tensor]) -> Double, _ inputs: [Tensor],
  _ tolerance: GradientTolerance, _ order: String, _ sourceLocation: SourceLocation
) {
  for (position, input) in inputs.enumerated() {
    let values = input.scalars()
    let exact =
      derivatives[position]?.scalars() ?? [Float](repeating: 0, count: values.count)
    if let shape = derivatives[position]?.shape {
      #expect(shape == input.shape, "\(order), input \(position)", sourceLocation: sourceLocation)
    }
    var differences: [Float] = []
    for index in values.indices {
      func shifted(by step: Float) -> Double {
        var moved = values
        moved[index] += step
        var points = inputs
        points[position] = Tensor(moved, input.shape)
        return function(points)
      }
      let distance = (values[index] + tolerance.step) - (values[index] - tolerance.step)
      differences.append(
        Float((shifted(by: tolerance.step) - shifted(by: -tolerance.step)) / Double(distance)))
    }
    let scale = max(1, differences.map { abs($0) }.max() ?? 1)
    expectClose(
      exact.map { $0 / scale }, differences.map { $0 / scale }, tolerance: tolerance.error,
      "\(order), input \(position), in units of \(scale)", sourceLocation: sourceLocation)
  }
}

/// Random numbers in -1...1 that depend on shape and name only.
public func fixedNumbers(
  _ shape: [Int], in range: ClosedRange<Float> = -1...1, stream: String = "fixed"
) -> Tensor {
  var random = RandomStream(seed: 20, stream: stream)
  return Tensor.uniform(shape, in: range, using: &random)
}

private func dot(_ a: Tensor, _ b: Tensor) -> Double {
  zip(a.scalars(), b.scalars()).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
