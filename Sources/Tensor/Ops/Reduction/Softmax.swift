extension Tensor {
  /// Exponentials along an axis, divided by their sum.
  public func softmax(axis: Int = -1) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "softmax")
    let result = withoutGradient {
      let exponentials = (self - self.max(axes: [axis], keepingDims: true)).exp()
      return exponentials / exponentials.sum(axes: [axis], keepingDims: true)
    }
    return Tensor(
      result.value,
      derivatives: [
        Derivative(
          of: self,
          fromOutput: { g, y in y * (g - (g * y).sum(axes: [axis], keepingDims: true)) })
      ])
  }

  /// The logarithm of `softmax`, without its loss of digits.
  public func logSoftmax(axis: Int = -1) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "logSoftmax")
    let result = withoutGradient { self - self.logSumExp(axis: axis, keepingDims: true) }
    return Tensor(
      result.value,
      derivatives: [
        Derivative(
          of: self,
          fromOutput: { g, y in g - y.exp() * g.sum(axes: [axis], keepingDims: true) })
      ])
  }

  /// log Σ e^x along an axis.
  public func logSumExp(axis: Int = -1, keepingDims: Bool = false) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "logSumExp")
    let kept = withoutGradient {
      let highest = self.max(axes: [axis], keepingDims: true)
      return (self - highest).exp().sum(axes: [axis], keepingDims: true).log() + highest
    }
    let result = Tensor(
      kept.value,
      derivatives: [Derivative(of: self, fromOutput: { g, y in g * (self - y).exp() })])
    return keepingDims ? result : result.squeezed(axis)
  }
}
