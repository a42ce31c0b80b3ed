// Functions that networks put behind their layers.

extension Tensor {
  /// tanh of each element, in -1...1.
  public func tanh() -> Tensor {
    Tensor.map(
      .tanh, self, derivatives: [Derivative(of: self, fromOutput: { g, y in g * (1 - y.square()) })]
    )
  }

  /// 1 / (1 + e^-x) of each element, in 0...1.
  public func sigmoid() -> Tensor {
    Tensor.map(
      .sigmoid, self,
      derivatives: [Derivative(of: self, fromOutput: { g, y in g * (y * (1 - y)) })])
  }

  /// log(1 + e^x) of each element.
  public func softplus() -> Tensor {
    Tensor.map(.softplus, self, derivatives: [Derivative(of: self) { g in g * self.sigmoid() }])
  }

  /// max(x, 0) of each element; its derivative at 0 is 0.
  public func relu() -> Tensor {
    Tensor.map(
      .relu, self,
      derivatives: [Derivative(of: self, fromOutput: { g, y in g.gated(by: y, slope: 0) })])
  }

  /// x where it is positive, `slope`·x elsewhere.
  public func leakyRelu(_ slope: Float = 0.2) -> Tensor {
    // Unless the slope turns signs around, the result is positive where the input is, and what follows, a convolution
    // most often, keeps it anyway.
    Tensor.map(
      .leakyRelu, self, x: slope,
      derivatives: [
        slope < 0
          ? Derivative(of: self) { g in g.gated(by: self, slope: slope) }
          : Derivative(of: self, fromOutput: { g, y in g.gated(by: y, slope: slope) })
      ])
  }

  /// The derivative of `leakyRelu`: this tensor where `input`, or its leaky ReLU, is positive, `slope` times it
  /// elsewhere.
  func gated(by input: Tensor, slope: Float) -> Tensor {
    let input = input.detached()
    return Tensor.map(
      .gate, self, input, name: "leakyRelu", x: slope,
      derivatives: [Derivative(of: self) { g in g.gated(by: input, slope: slope) }])
  }

  /// The first half of an axis, gated by the second: a · sigmoid(b).
  ///
  /// - Parameter axis: an axis of even size.
  /// - Returns: half as long along the axis.
  /// - Source: arXiv:1612.08083, equation 1.
  public func glu(axis: Int = -1) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "glu")
    precondition(
      shape[axis] % 2 == 0, "[glu] axis \(axis) of \(shape) has an odd size, expected an even one")
    let half = shape[axis] / 2
    let gate = sliced(axis: axis, from: half, to: 2 * half)
    return sliced(axis: axis, from: 0, to: half) * gate.sigmoid()
  }

  /// Each element, moved into `min...max`; the derivative is 0 where it was moved.
  public func clamp(min: Float = -.infinity, max: Float = .infinity) -> Tensor {
    precondition(min <= max, "[clamp] the lower bound \(min) is above the upper bound \(max)")
    return Tensor.map(
      .clamp, self, x: min, y: max,
      derivatives: [
        Derivative(of: self) { g in g * Tensor.map(.inside, self.detached(), x: min, y: max) }
      ])
  }
}
