extension Tensor {
  /// Mean and mean squared distance from it over some axes, in one pass; both keep the axes with size 1.
  ///
  ///     mean = Σ x / n        variance = Σ (x - mean)² / n
  func moments(_ axes: Set<Int>) -> (mean: Tensor, variance: Tensor) {
    let shape = shape
    let size = axes.reduce(1) { $0 * shape[$1] }
    let kept = axes.reduce(into: shape) { $0[$1] = 1 }
    let (meanValue, varianceValue) = Tensor.momentValues(value, axes, kept)
    let factor = 1 / Float(size)
    let mean = Tensor(
      meanValue,
      derivatives: [Derivative(of: self) { g in (g * factor).broadcast(to: shape) }])
    let variance = Tensor(
      varianceValue,
      derivatives: [Derivative(of: self) { g in (g * (2 * factor)) * (self - mean) }])
    return (mean, variance)
  }

  /// One pass for a run of neighbouring axes; further runs merge the small results of the first.
  private static func momentValues(
    _ value: Value, _ axes: Set<Int>, _ kept: [Int]
  ) -> (Value, Value) {
    var runs = Shape.runs(value.shape, axes)
    guard let last = runs.popLast() else {
      return (value.reshaped(kept), Value(kept, .constant(0)))
    }
    let (mean, variance) = value.moments(last)
    if runs.isEmpty { return (mean.reshaped(kept), variance.reshaped(kept)) }
    return withoutGradient {
      let rest = Set(runs.flatMap { Array($0) })
      let total = momentValues(mean, rest, kept)
      let within = Tensor(variance).mean(axes: Array(rest), keepingDims: true).reshaped(kept)
      return (total.0, (within + Tensor(total.1)).value)
    }
  }

  /// The mean squared distance from the mean over some axes (divided by n, not n - 1).
  public func variance(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
    let axes = Shape.axes(axes, rank: rank, op: "variance")
    let variance = moments(axes).variance
    return keepingDims ? variance : variance.reshaped(Shape.dropping(axes, from: shape))
  }
}

/// Shifts and scales to mean 0 and variance 1 over some axes: the core of batch, instance, group and layer norm.
///
///     output = (x - mean) / sqrt(variance + epsilon)
///
/// One pass over `x` for the moments; the output is pending and joins whatever follows. The derivative,
///
///     dx = (g - mean(g) - output · mean(g · output)) / sqrt(variance + epsilon)
///
/// takes one reducing and one writing pass.
///
/// - Parameters:
///   - x: any shape.
///   - axes: the axes over which each statistic is taken.
///   - epsilon: added to the variance, greater than 0.
/// - Returns: the output in the shape of `x`; mean and variance (divided by n) with size 1 along `axes`.
public func standardized(
  _ x: Tensor, axes: [Int], epsilon: Float
) -> (output: Tensor, mean: Tensor, variance: Tensor) {
  let axes = Shape.axes(axes, rank: x.rank, op: "standardized")
  let list = Array(axes)
  _ = x.storage
  let (mean, variance) = x.moments(axes)
  let scale = (variance + epsilon).rsqrt()
  let value = ((x.detached() - mean.detached()) * scale.detached()).value
  let output = Tensor(
    value,
    derivatives: [
      Derivative(
        of: x,
        fromOutput: { g, y in
          let along = (g * y).mean(axes: list, keepingDims: true)
          return (g - g.mean(axes: list, keepingDims: true) - y * along) * scale
        })
    ])
  return (output, mean, variance)
}
