internal import Kernels

// Products that are added or subtracted become one instruction. Decided when the op is written, from what is
// pending at that moment, so that results don't depend on who reads which tensor first.

extension Value {
  /// One instruction for `a + b` or `a - b` where an operand is a pending product; `nil` if there is none.
  static func contracted(_ op: Opcode, _ a: Value, _ b: Value, _ shape: [Int]) -> Value? {
    switch op {
    case .add:
      if let product = a.product(shape) { return ternary(.multiplyAdd, product, b, shape) }
      if let product = b.product(shape) { return ternary(.multiplyAdd, product, a, shape) }
      if let scaled = a.scaled(shape) { return sum(scaled, b, shape) }
      if let scaled = b.scaled(shape) { return sum(scaled, a, shape) }
    case .subtract:
      if let product = a.product(shape) { return ternary(.multiplySubtract, product, b, shape) }
      if let product = b.product(shape) { return ternary(.subtractProduct, product, a, shape) }
      if let (source, factor) = b.scaled(shape) { return sum((source, -factor), a, shape) }
    default: break
    }
    return nil
  }

  /// The factors, if this value is a pending product of the given shape.
  private func product(_ shape: [Int]) -> (Value, Value)? {
    guard self.shape == shape, case .map(let map)? = expression, map.op == .multiply,
      let b = map.b
    else { return nil }
    return (map.a, b)
  }

  /// Operand and factor, if this value is a pending multiple of a value of the same shape.
  func scaled(_ shape: [Int]) -> (Value, Float)? {
    guard self.shape == shape, case .map(let map)? = expression, map.op == .scale else {
      return nil
    }
    return (map.a, map.x)
  }

  /// A multiple and another value, which may be a multiple too.
  private static func sum(
    _ scaled: (source: Value, factor: Float), _ b: Value, _ shape: [Int]
  ) -> Value {
    if let (other, y) = b.scaled(shape) {
      return Value(
        shape, .map(.init(op: .combine, a: scaled.source, b: other, c: nil, x: scaled.factor, y: y))
      )
    }
    return Value(shape, .map(.init(op: .scaleAdd, a: scaled.source, b: b, x: scaled.factor)))
  }

  private static func ternary(
    _ op: Opcode, _ factors: (Value, Value), _ c: Value, _ shape: [Int]
  ) -> Value {
    Value(shape, .map(.init(op: op, a: factors.0, b: factors.1, c: c)))
  }

  /// The sum over `axes`, with factors that are constant along them taken out; `nil` if there are none.
  ///
  ///     Σ a·b = b · Σ a   where b has size 1 along the axes
  ///
  /// Sums of a normalisation's derivative with and without its scale then become the same sum.
  func factoredSum(_ axes: Set<Int>, scale: Double) -> Value? {
    guard case .map(let map)? = expression else { return nil }
    if map.op == .scale, map.a.shape == shape {
      return map.a.reduced(.sum, axes: axes, scale: scale * Double(map.x))
    }
    guard map.op == .multiply, let b = map.b else { return nil }
    for (full, other) in [(map.a, b), (b, map.a)] where full.shape == shape {
      if other.isConstant(along: axes, of: shape) {
        return timesSum(of: full, other, axes, scale)
      }
      // (p·q)·other with q constant along the axes: q · Σ p·other.
      guard case .map(let inner)? = full.expression, inner.op == .multiply, let q = inner.b,
        other.shape == shape
      else { continue }
      for (p, factor) in [(inner.a, q), (q, inner.a)]
      where p.shape == shape && factor.isConstant(along: axes, of: shape) {
        let product = Value(shape, count: count, .map(.init(op: .multiply, a: p, b: other)))
        return timesSum(of: product, factor, axes, scale)
      }
    }
    return nil
  }

  private func timesSum(
    of full: Value, _ factor: Value, _ axes: Set<Int>, _ scale: Double
  ) -> Value {
    let kept = axes.reduce(into: shape) { $0[$1] = 1 }
    let sum = full.reduced(.sum, axes: axes, scale: scale)
    return Value(kept, .map(.init(op: .multiply, a: sum, b: factor)))
  }

  /// Whether this value, stretched to `shape`, has equal elements along `axes`.
  private func isConstant(along axes: Set<Int>, of shape: [Int]) -> Bool {
    let shift = shape.count - self.shape.count
    return axes.allSatisfy { axis in
      axis < shift || self.shape[axis - shift] == 1
    } && self.shape.count <= shape.count && count < Shape.count(shape)
  }
}
