/// What one instruction of a fused pass does to each element. `a`, `b`, `c` are registers; `x`, `y`
/// constants of the instruction.
package enum Opcode: UInt8, Sendable {
  case copy
  // One register.
  case affine  // a·x + y
  case scale  // a·x
  case divideInto  // x / a
  case negate, abs, square, sqrt, rsqrt, reciprocal, sign, floor, round
  case exp, log, tanh, sigmoid, softplus, sin, cos
  case relu
  case leakyRelu  // a > 0 ? a : a·x
  case step  // a > 0 ? 1 : x
  case clamp  // x ≤ a ≤ y
  case inside  // x ≤ a ≤ y ? 1 : 0
  case power  // a^x
  case greaterThan, atLeast, lessThan, atMost, equalTo  // a ⊕ x ? 1 : 0
  // Two registers.
  case add, subtract, multiply, divide, maximum, minimum
  case greater, greaterEqual, less, lessEqual, equal  // a ⊕ b ? 1 : 0
  case gate  // b > 0 ? a : a·x
  case scaleAdd  // a·x + b
  case combine  // a·x + b·y
  // Three registers.
  case select  // a ≠ 0 ? b : c
  case multiplyAdd  // a·b + c
  case multiplySubtract  // a·b - c
  case subtractProduct  // c - a·b

  /// Whether the first two registers may be exchanged.
  package var isCommutative: Bool {
    switch self {
    // Not maximum and minimum: of 0 and -0 they keep the first.
    case .add, .multiply, .equal, .multiplyAdd, .multiplySubtract, .subtractProduct: true
    default: false
    }
  }

  /// Roughly how many cheap instructions this one takes as long as.
  package var cost: Int {
    switch self {
    case .exp, .tanh, .sigmoid: 8
    case .log, .softplus, .sin, .cos: 12
    case .power: 40
    case .sqrt, .rsqrt, .reciprocal, .divide, .divideInto: 3
    default: 1
    }
  }
}

/// One step of a fused pass: `destination = op(a, b, c; x, y)`, element by element.
package struct Instruction: Sendable {
  package var op: Opcode
  package var destination: Int32
  package var a: Int32
  package var b: Int32
  package var c: Int32
  package var x: Float
  package var y: Float

  package init(
    _ op: Opcode, to destination: Int32, _ a: Int32, _ b: Int32 = -1, _ c: Int32 = -1,
    x: Float = 0, y: Float = 0
  ) {
    self.op = op
    self.destination = destination
    self.a = a
    self.b = b
    self.c = c
    self.x = x
    self.y = y
  }
}
