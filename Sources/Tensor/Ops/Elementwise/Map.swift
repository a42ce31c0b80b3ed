internal import Kernels

// How element-wise ops become pending values: one place for stretching and for constants.

extension Tensor {
  /// A pending element-wise op of one tensor.
  static func map(
    _ op: Opcode, _ a: Tensor, x: Float = 0, y: Float = 0,
    derivatives: @autoclosure () -> [Derivative] = []
  ) -> Tensor {
    let value = Value(
      a.shape, count: a.count, .map(.init(op: op, a: a.value, b: nil, c: nil, x: x, y: y)))
    return Tensor(value, derivatives: derivatives())
  }

  /// A pending element-wise op of two tensors, which stretch to a common shape.
  static func map(
    _ op: Opcode, _ a: Tensor, _ b: Tensor, name: StaticString, x: Float = 0,
    derivatives: @autoclosure () -> [Derivative] = []
  ) -> Tensor {
    let shape = Shape.broadcast(a.shape, b.shape, op: name)
    let count = shape == a.shape ? a.count : shape == b.shape ? b.count : Shape.count(shape)
    let value =
      folded(op, a.value, b.value, shape)
      ?? Value.contracted(op, a.value, b.value, shape)
      ?? Value(shape, count: count, .map(.init(op: op, a: a.value, b: b.value, c: nil, x: x)))
    return Tensor(value, derivatives: derivatives())
  }

  /// The shorter form of an op one of whose operands is a constant; `nil` if there is none.
  private static func folded(_ op: Opcode, _ a: Value, _ b: Value, _ shape: [Int]) -> Value? {
    if let x = a.constant, let y = b.constant { return folded(op, x, y, shape) }
    if let x = b.constant, a.shape == shape { return folded(op, a, x) }
    if let x = a.constant, b.shape == shape { return folded(op, x, b) }
    return nil
  }

  private static func folded(_ op: Opcode, _ x: Float, _ y: Float, _ shape: [Int]) -> Value? {
    switch op {
    case .add: Value(shape, .constant(x + y))
    case .subtract: Value(shape, .constant(x - y))
    case .multiply: Value(shape, .constant(x * y))
    case .divide: Value(shape, .constant(x / y))
    default: nil
    }
  }

  private static func folded(_ op: Opcode, _ a: Value, _ x: Float) -> Value? {
    switch op {
    case .add: x == 0 ? a : shifted(a, x)
    case .subtract: x == 0 ? a : shifted(a, -x)
    case .multiply: x == 1 ? a : one(.scale, a, x: x)
    case .divide: x == 1 ? a : one(.scale, a, x: 1 / x)
    case .greater: one(.greaterThan, a, x: x)
    case .greaterEqual: one(.atLeast, a, x: x)
    case .less: one(.lessThan, a, x: x)
    case .lessEqual: one(.atMost, a, x: x)
    case .equal: one(.equalTo, a, x: x)
    case .maximum: one(.clamp, a, x: x, y: .infinity)
    case .minimum: one(.clamp, a, x: -.infinity, y: x)
    default: nil
    }
  }

  private static func folded(_ op: Opcode, _ x: Float, _ b: Value) -> Value? {
    switch op {
    case .add: x == 0 ? b : shifted(b, x)
    case .subtract: one(.affine, b, x: -1, y: x)
    case .multiply: x == 1 ? b : one(.scale, b, x: x)
    case .divide: one(.divideInto, b, x: x)
    case .maximum: one(.clamp, b, x: x, y: .infinity)
    case .minimum: one(.clamp, b, x: -.infinity, y: x)
    default: nil
    }
  }

  private static func shifted(_ a: Value, _ x: Float) -> Value {
    if let (source, factor) = a.scaled(a.shape) { return one(.affine, source, x: factor, y: x) }
    return one(.affine, a, x: 1, y: x)
  }

  private static func one(_ op: Opcode, _ a: Value, x: Float, y: Float = 0) -> Value {
    Value(a.shape, count: a.count, .map(.init(op: op, a: a, b: nil, c: nil, x: x, y: y)))
  }

  /// A scalar that takes no memory, for ops with a number.
  static func constant(_ value: Float) -> Tensor { Tensor(Value([], .constant(value))) }

  /// The derivative at an operand that was stretched: summed over the axes along which it was.
  func summed(to shape: [Int]) -> Tensor {
    if shape == self.shape { return self }
    let shift = rank - shape.count
    let axes = self.shape.indices.filter { axis in
      axis < shift || (shape[axis - shift] == 1 && self.shape[axis] != 1)
    }
    return sum(axes: Array(axes), keepingDims: true).reshaped(shape)
  }
}
