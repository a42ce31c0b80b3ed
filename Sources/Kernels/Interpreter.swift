/// Tables of the registers of one pass: where the current tile of each register lies.
package typealias RegisterTable = UnsafeMutablePointer<UnsafeMutablePointer<Float>>

// A result may lie where an operand does. That case has a loop of its own: where pointers may be equal the compiler
// takes one element at a time.

@inline(__always) private func map(
  _ d: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>, _ n: Int,
  _ f: (Float) -> Float
) {
  if d == a {
    for i in 0..<n { d[i] = f(d[i]) }
  } else {
    for i in 0..<n { d[i] = f(a[i]) }
  }
}

@inline(__always) private func map(
  _ d: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>,
  _ b: UnsafeMutablePointer<Float>, _ n: Int, _ f: (Float, Float) -> Float
) {
  if d == a {
    for i in 0..<n { d[i] = f(d[i], b[i]) }
  } else if d == b {
    for i in 0..<n { d[i] = f(a[i], d[i]) }
  } else {
    for i in 0..<n { d[i] = f(a[i], b[i]) }
  }
}

@inline(__always) private func map(
  _ d: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>,
  _ b: UnsafeMutablePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ n: Int,
  _ f: (Float, Float, Float) -> Float
) {
  if d == a {
    for i in 0..<n { d[i] = f(d[i], b[i], c[i]) }
  } else if d == b {
    for i in 0..<n { d[i] = f(a[i], d[i], c[i]) }
  } else if d == c {
    for i in 0..<n { d[i] = f(a[i], b[i], d[i]) }
  } else {
    for i in 0..<n { d[i] = f(a[i], b[i], c[i]) }
  }
}

/// Runs an instruction over one tile of `n` elements.
///
/// A destination is apart from its sources or the same as one of them.
@inline(__always)
func interpret(_ instruction: Instruction, _ registers: RegisterTable, _ n: Int) {
  let d = registers[Int(instruction.destination)]
  let a = registers[Int(instruction.a)]
  if instruction.op.rawValue <= Opcode.equalTo.rawValue {
    interpretUnary(instruction, d, a, n)
  } else {
    let b = registers[Int(instruction.b)]
    interpretBinary(instruction, d, a, b, registers, n)
  }
}

private func interpretUnary(
  _ instruction: Instruction, _ d: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>,
  _ n: Int
) {
  let x = instruction.x
  let y = instruction.y
  switch instruction.op {
  case .copy: d.update(from: a, count: n)
  case .affine: map(d, a, n) { y.addingProduct($0, x) }
  case .scale: map(d, a, n) { $0 * x }
  case .divideInto: map(d, a, n) { x / $0 }
  case .negate: map(d, a, n) { -$0 }
  case .abs: map(d, a, n) { Swift.abs($0) }
  case .square: map(d, a, n) { $0 * $0 }
  case .sqrt: map(d, a, n) { kernelSqrt($0) }
  case .rsqrt: map(d, a, n) { 1 / kernelSqrt($0) }
  case .reciprocal: map(d, a, n) { 1 / $0 }
  case .sign: map(d, a, n) { kernelSign($0) }
  case .floor: map(d, a, n) { $0.rounded(.down) }
  case .round: map(d, a, n) { $0.rounded(.toNearestOrEven) }
  case .exp: map(d, a, n) { kernelExp($0) }
  case .log: map(d, a, n) { kernelLog($0) }
  case .tanh: map(d, a, n) { kernelTanh($0) }
  case .sigmoid: map(d, a, n) { kernelSigmoid($0) }
  case .softplus: map(d, a, n) { kernelSoftplus($0) }
  case .sin: map(d, a, n) { kernelSine($0, quarterTurns: 0) }
  case .cos: map(d, a, n) { kernelSine($0, quarterTurns: 1) }
  case .relu: map(d, a, n) { $0 < 0 ? 0 : $0 }
  case .leakyRelu: map(d, a, n) { $0 > 0 ? $0 : $0 * x }
  case .step: map(d, a, n) { $0 > 0 ? 1 : x }
  case .clamp:
    map(d, a, n) {
      let low = $0 < x ? x : $0
      return low > y ? y : low
    }
  case .inside: map(d, a, n) { ($0 >= x ? 1 : 0) * ($0 <= y ? 1 : 0) }
  case .power: map(d, a, n) { kernelPower($0, x) }
  case .greaterThan: map(d, a, n) { $0 > x ? 1 : 0 }
  case .atLeast: map(d, a, n) { $0 >= x ? 1 : 0 }
  case .lessThan: map(d, a, n) { $0 < x ? 1 : 0 }
  case .atMost: map(d, a, n) { $0 <= x ? 1 : 0 }
  case .equalTo: map(d, a, n) { $0 == x ? 1 : 0 }
  default: break
  }
}

private func interpretBinary(
  _ instruction: Instruction, _ d: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>,
  _ b: UnsafeMutablePointer<Float>, _ registers: RegisterTable, _ n: Int
) {
  let x = instruction.x
  switch instruction.op {
  case .add: map(d, a, b, n) { $0 + $1 }
  case .subtract: map(d, a, b, n) { $0 - $1 }
  case .multiply: map(d, a, b, n) { $0 * $1 }
  case .divide: map(d, a, b, n) { $0 / $1 }
  case .maximum: map(d, a, b, n) { greater($0, $1) }
  case .minimum: map(d, a, b, n) { less($0, $1) }
  case .greater: map(d, a, b, n) { $0 > $1 ? 1 : 0 }
  case .greaterEqual: map(d, a, b, n) { $0 >= $1 ? 1 : 0 }
  case .less: map(d, a, b, n) { $0 < $1 ? 1 : 0 }
  case .lessEqual: map(d, a, b, n) { $0 <= $1 ? 1 : 0 }
  case .equal: map(d, a, b, n) { $0 == $1 ? 1 : 0 }
  case .gate:
    // Zero even where the other factor is infinite; not a number stays that.
    if x == 0 {
      map(d, a, b, n) { $1 <= 0 ? 0 : $0 }
    } else {
      map(d, a, b, n) { $1 > 0 ? $0 : $0 * x }
    }
  case .scaleAdd: map(d, a, b, n) { $1.addingProduct($0, x) }
  case .combine:
    let y = instruction.y
    map(d, a, b, n) { ($1 * y).addingProduct($0, x) }
  default: interpretTernary(instruction.op, d, a, b, registers[Int(instruction.c)], n)
  }
}

private func interpretTernary(
  _ op: Opcode, _ d: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>,
  _ b: UnsafeMutablePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ n: Int
) {
  switch op {
  case .select: map(d, a, b, c, n) { $0 != 0 ? $1 : $2 }
  case .multiplyAdd: map(d, a, b, c, n) { $2.addingProduct($0, $1) }
  case .multiplySubtract: map(d, a, b, c, n) { (-$2).addingProduct($0, $1) }
  case .subtractProduct: map(d, a, b, c, n) { $2.addingProduct(-$0, $1) }
  default: break
  }
}
