/// An affine map of the plane, `p ↦ origin + p.x · right + p.y · down`.
struct Transform: Sendable {
  var right = Point(1, 0)
  var down = Point(0, 1)
  var origin = Point(0, 0)

  /// A similarity: turn clockwise by `angle`, scale, move the origin to `origin`.
  init(angle: Float = 0, scale: Float = 1, origin: Point = Point(0, 0)) {
    right = Point.direction(angle) * scale
    down = right.normal
    self.origin = origin
  }

  /// The image of a point.
  func callAsFunction(_ p: Point) -> Point { origin + p.x * right + p.y * down }

  /// The image of a difference of points.
  func vector(_ v: Point) -> Point { v.x * right + v.y * down }

  /// The map that applies `inner` first.
  func after(_ inner: Transform) -> Transform {
    var result = self
    result.right = vector(inner.right)
    result.down = vector(inner.down)
    result.origin = self(inner.origin)
    return result
  }

  /// The same map with x mirrored before it.
  func mirrored() -> Transform {
    var result = self
    result.right = -right
    return result
  }

  /// Square root of the factor by which areas grow.
  var scale: Float { abs(right.x * down.y - right.y * down.x).squareRoot() }
}
