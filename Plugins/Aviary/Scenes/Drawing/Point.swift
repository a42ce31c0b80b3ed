/// A point or vector of the drawing plane, x to the right and y downwards.
public typealias Point = SIMD2<Float>

extension SIMD2<Float> {
  /// Euclidean length.
  var length: Float { (x * x + y * y).squareRoot() }

  /// Same direction, length 1; the zero vector stays zero.
  var unit: Point {
    let size = length
    return size > 0 ? self / size : self
  }

  /// The vector turned by a quarter; points to the right of a walk along `self` on the screen.
  var normal: Point { Point(-y, x) }

  /// The vector of length 1 at `angle` radians, 0 to the right, growing clockwise on the screen.
  static func direction(_ angle: Float) -> Point { Point(cosine(angle), sine(angle)) }

  /// The point at `fraction` of the way to `other`.
  func mixed(_ other: Point, _ fraction: Float) -> Point { self + (other - self) * fraction }

  /// The vector turned clockwise (on the screen) by `angle` radians.
  func rotated(_ angle: Float) -> Point {
    let c = cosine(angle)
    let s = sine(angle)
    return Point(c * x - s * y, s * x + c * y)
  }
}
