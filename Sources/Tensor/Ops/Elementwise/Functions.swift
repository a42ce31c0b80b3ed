// Elementary functions of each element.

extension Tensor {
  /// e to the power of each element.
  public func exp() -> Tensor {
    Tensor.map(.exp, self, derivatives: [Derivative(of: self, fromOutput: { g, y in g * y })])
  }

  /// The natural logarithm of each element.
  public func log() -> Tensor {
    Tensor.map(.log, self, derivatives: [Derivative(of: self) { g in g / self }])
  }

  /// The square root of each element.
  public func sqrt() -> Tensor {
    Tensor.map(
      .sqrt, self, derivatives: [Derivative(of: self, fromOutput: { g, y in 0.5 * g / y })])
  }

  /// 1 / √x of each element.
  public func rsqrt() -> Tensor {
    Tensor.map(
      .rsqrt, self,
      derivatives: [Derivative(of: self, fromOutput: { g, y in -0.5 * g * y * y.square() })])
  }

  /// 1 / x of each element.
  public func reciprocal() -> Tensor {
    Tensor.map(
      .reciprocal, self,
      derivatives: [Derivative(of: self, fromOutput: { g, y in -g * y.square() })])
  }

  /// The magnitude of each element; its derivative at 0 is 0.
  public func abs() -> Tensor {
    Tensor.map(.abs, self, derivatives: [Derivative(of: self) { g in g * self.sign() }])
  }

  /// The square of each element.
  public func square() -> Tensor {
    Tensor.map(.square, self, derivatives: [Derivative(of: self) { g in g * (2 * self) }])
  }

  /// Each element to a fixed power.
  ///
  /// Negative elements need a whole exponent.
  public func pow(_ exponent: Float) -> Tensor {
    switch exponent {
    case 0: Tensor.ones(shape)
    case 1: self
    case 2: square()
    case 3: self * square()
    case 0.5: sqrt()
    case -0.5: rsqrt()
    case -1: reciprocal()
    default:
      Tensor.map(
        .power, self, x: exponent,
        derivatives: [Derivative(of: self) { g in g * (exponent * self.pow(exponent - 1)) }])
    }
  }

  /// The sine of each element, in radians.
  public func sin() -> Tensor {
    Tensor.map(.sin, self, derivatives: [Derivative(of: self) { g in g * self.cos() }])
  }

  /// The cosine of each element, in radians.
  public func cos() -> Tensor {
    Tensor.map(.cos, self, derivatives: [Derivative(of: self) { g in -g * self.sin() }])
  }

  /// 1, 0 or -1 by the sign of each element; without derivative.
  public func sign() -> Tensor { Tensor.map(.sign, self) }

  /// The largest whole number not above each element; without derivative.
  public func floor() -> Tensor { Tensor.map(.floor, self) }

  /// The nearest whole number, halves to the even one; without derivative.
  public func round() -> Tensor { Tensor.map(.round, self) }
}
