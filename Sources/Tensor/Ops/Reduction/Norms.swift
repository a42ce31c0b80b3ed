extension Tensor {
  /// The square root of the sum of squares over some axes, all of them if `axes` is `nil`.
  ///
  ///     y = √Σ x²        dx = x / y
  ///
  /// The derivative at a vector of zeros, where the norm has none, is 0.
  public func norm(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
    let axes = Shape.axes(axes, rank: rank, op: "norm")
    let list = Array(axes)
    let kept = withoutGradient { square().sum(axes: list, keepingDims: true).sqrt() }
    let result = Tensor(
      kept.value,
      derivatives: [
        Derivative(
          of: self,
          fromOutput: { g, y in
            let isZero = y.detached() .== 0
            return g * (self / `where`(isZero, Tensor.ones(y.shape), y))
          })
      ])
    return keepingDims ? result : result.reshaped(Shape.dropping(axes, from: shape))
  }
}
