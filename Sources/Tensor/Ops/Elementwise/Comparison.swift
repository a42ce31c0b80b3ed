internal import Kernels

infix operator .> : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .== : ComparisonPrecedence

// Comparisons yield 1 where they hold and 0 elsewhere, and have no derivative.

extension Tensor {
  /// 1 where `a` is greater than `b`, else 0.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { map(.greater, a, b, name: ".>") }
  /// 1 where `a` is less than `b`, else 0.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { map(.less, a, b, name: ".<") }
  /// 1 where `a` is at least `b`, else 0.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { map(.greaterEqual, a, b, name: ".>=") }
  /// 1 where `a` is at most `b`, else 0.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { map(.lessEqual, a, b, name: ".<=") }
  /// 1 where `a` equals `b`, else 0.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { map(.equal, a, b, name: ".==") }

  /// 1 where an element is greater than `b`, else 0.
  public static func .> (a: Tensor, b: Float) -> Tensor { a .> constant(b) }
  /// 1 where an element is less than `b`, else 0.
  public static func .< (a: Tensor, b: Float) -> Tensor { a .< constant(b) }
  /// 1 where an element is at least `b`, else 0.
  public static func .>= (a: Tensor, b: Float) -> Tensor { a .>= constant(b) }
  /// 1 where an element is at most `b`, else 0.
  public static func .<= (a: Tensor, b: Float) -> Tensor { a .<= constant(b) }
  /// 1 where an element equals `b`, else 0.
  public static func .== (a: Tensor, b: Float) -> Tensor { a .== constant(b) }
}

/// The greater of two elements; where they are equal the derivative goes to both by half.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
  extreme(.maximum, a, b, "maximum") { $0 .> $1 }
}

/// The smaller of two elements; where they are equal the derivative goes to both by half.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
  extreme(.minimum, a, b, "minimum") { $0 .< $1 }
}

private func extreme(
  _ op: Opcode, _ a: Tensor, _ b: Tensor, _ name: StaticString,
  wins: @escaping (Tensor, Tensor) -> Tensor
) -> Tensor {
  let (p, q) = (a.detached(), b.detached())
  return Tensor.map(
    op, a, b, name: name,
    derivatives: [
      Derivative(of: a) { g in (g * (wins(p, q) + 0.5 * (p .== q))).summed(to: p.shape) },
      Derivative(of: b) { g in (g * (wins(q, p) + 0.5 * (p .== q))).summed(to: q.shape) },
    ])
}

/// `a` where `mask` is not zero, `b` elsewhere; all three stretch to a common shape.
public func `where`(_ mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  let shape = Shape.broadcast(
    mask.shape, Shape.broadcast(a.shape, b.shape, op: "where"), op: "where")
  let mask = mask.detached()
  let value = Value(shape, .map(.init(op: .select, a: mask.value, b: a.value, c: b.value)))
  return Tensor(
    value,
    derivatives: [
      Derivative(of: a) { [shape = a.shape] g in
        `where`(mask, g, Tensor.constant(0)).summed(to: shape)
      },
      Derivative(of: b) { [shape = b.shape] g in
        `where`(mask, Tensor.constant(0), g).summed(to: shape)
      },
    ])
}
