extension Tensor {
  /// Exponentials along an axis, divided by their sum.
  public func softmax(axis: Int = -1) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "softmax")
    let result = withoutGradient {
      let exponentials = (self - self.max(axes: [axis], keepingDims: true)).exp()
      return exponentials / exponentials.sum(axes: [axis], keepingDims: true)
    }
    return Tensor(result.value, derivatives: [softmaxDerivative(axis)])
  }

  /// Exponentials along an axis, divided by their sum, over the elements that a mask lets through.
  ///
  /// - Parameters:
  ///   - axis: the axis along which the results add up to 1.
  ///   - mask: not zero where an element takes part; stretches to this tensor's shape.
  /// - Returns: zeros where the mask is zero. Where it lets nothing through there are zeros only.
  public func softmax(axis: Int = -1, mask: Tensor) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "softmax")
    precondition(
      Shape.broadcast(shape, mask.shape, op: "softmax") == shape,
      "[softmax] the mask of shape \(mask.shape) does not stretch to \(shape)")
    let result = withoutGradient {
      let lowest = Tensor.constant(-Float.greatestFiniteMagnitude)
      let highest = `where`(mask, self, lowest).max(axes: [axis], keepingDims: true)
      let exponentials = `where`(mask, (self - highest).exp(), Tensor.constant(0))
      let sum = exponentials.sum(axes: [axis], keepingDims: true)
      return exponentials / maximum(sum, Tensor.constant(Float.leastNormalMagnitude))
    }
    return Tensor(result.value, derivatives: [softmaxDerivative(axis)])
  }

  /// The derivative of both kinds of softmax: where the result is zero, nothing passes.
  private func softmaxDerivative(_ axis: Int) -> Derivative {
    Derivative(
      of: self, fromOutput: { g, y in y * (g - (g * y).sum(axes: [axis], keepingDims: true)) })
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
