// Sums, products and quotients. Shapes stretch as in NumPy: axes are aligned at the end, size 1 repeats.

extension Tensor {
  /// The element-wise sum.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    map(
      .add, a, b, name: "+",
      derivatives: [
        Derivative(of: a) { [shape = a.shape] g in g.summed(to: shape) },
        Derivative(of: b) { [shape = b.shape] g in g.summed(to: shape) },
      ])
  }

  /// The element-wise difference.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    map(
      .subtract, a, b, name: "-",
      derivatives: [
        Derivative(of: a) { [shape = a.shape] g in g.summed(to: shape) },
        Derivative(of: b) { [shape = b.shape] g in (-g).summed(to: shape) },
      ])
  }

  /// The element-wise product.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    map(
      .multiply, a, b, name: "*",
      derivatives: [
        Derivative(of: a) { [shape = a.shape] g in (g * b).summed(to: shape) },
        Derivative(of: b) { [shape = b.shape] g in (g * a).summed(to: shape) },
      ])
  }

  /// The element-wise quotient.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    map(
      .divide, a, b, name: "/",
      derivatives: [
        Derivative(of: a) { [shape = a.shape] g in (g / b).summed(to: shape) },
        Derivative(of: b, fromOutput: { [shape = b.shape] g, y in (-g * y / b).summed(to: shape) }),
      ])
  }

  /// The negative of each element.
  public static prefix func - (a: Tensor) -> Tensor {
    map(.negate, a, derivatives: [Derivative(of: a) { g in -g }])
  }

  /// Adds a number to each element.
  public static func + (a: Tensor, b: Float) -> Tensor { a + constant(b) }
  /// Adds a number to each element.
  public static func + (a: Float, b: Tensor) -> Tensor { constant(a) + b }
  /// Subtracts a number from each element.
  public static func - (a: Tensor, b: Float) -> Tensor { a - constant(b) }
  /// Subtracts each element from a number.
  public static func - (a: Float, b: Tensor) -> Tensor { constant(a) - b }
  /// Multiplies each element by a number.
  public static func * (a: Tensor, b: Float) -> Tensor { a * constant(b) }
  /// Multiplies each element by a number.
  public static func * (a: Float, b: Tensor) -> Tensor { constant(a) * b }
  /// Divides each element by a number.
  public static func / (a: Tensor, b: Float) -> Tensor { a / constant(b) }
  /// Divides a number by each element.
  public static func / (a: Float, b: Tensor) -> Tensor { constant(a) / b }

  /// Adds in place of the variable; other holders of the old tensor do not see it.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Subtracts in place of the variable; other holders of the old tensor do not see it.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Multiplies in place of the variable; other holders of the old tensor do not see it.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
}
