/// Builds paths and paints in the coordinates of one object; results are in pixels.
///
/// Curves are flattened to a tolerance of a fraction of a pixel, so that a scene has the same shapes
/// at every side and small pictures cost little.
struct Pen {
  /// From the object's coordinates to pixels.
  let transform: Transform
  /// Pixels per unit of the object's coordinates.
  let scale: Float

  /// A pen on the unit square of a picture.
  init(side: Int) {
    transform = Transform(scale: Float(side))
    scale = Float(side)
  }

  init(_ transform: Transform) {
    self.transform = transform
    scale = transform.scale
  }

  /// A pen for an object placed by `inner`.
  func within(_ inner: Transform) -> Pen { Pen(transform.after(inner)) }

  /// Straight-sided polygon.
  func polygon(_ corners: [Point]) -> Path {
    var path = Path()
    for corner in corners { path.points.append(transform(corner)) }
    path.close()
    return path
  }

  /// Smooth closed curve through the points (Catmull–Rom).
  func blob(_ knots: [Point]) -> Path {
    var path = Path()
    let n = knots.count
    for i in 0..<n {
      curve(
        knots[(i + n - 1) % n], knots[i], knots[(i + 1) % n], knots[(i + 2) % n], into: &path)
    }
    path.close()
    return path
  }

  /// Ellipse with half axes `a` along `angle` and `b` across.
  func ellipse(_ center: Point, _ a: Float, _ b: Float, angle: Float = 0) -> Path {
    var path = Path()
    let right = transform.vector(Point.direction(angle)) * a
    let down = transform.vector(Point.direction(angle).normal) * b
    let middle = transform(center)
    let steps = segments(max(a, b) * scale * 6.3)
    let turn = Point.direction(2 * .pi / Float(steps))
    var v = Point(1, 0)
    for _ in 0..<steps {
      path.points.append(middle + v.x * right + v.y * down)
      v = Point(v.x * turn.x - v.y * turn.y, v.x * turn.y + v.y * turn.x)
    }
    path.close()
    return path
  }

  /// Circle.
  func circle(_ center: Point, _ radius: Float) -> Path { ellipse(center, radius, radius) }

  /// A stroke of varying half width along a smooth line, with round ends.
  func stroke(_ knots: [Point], _ halfWidths: [Float], round: Bool = true) -> Path {
    let (line, widths) = flattened(knots, halfWidths)
    var path = Path()
    let n = line.count
    guard n >= 2 else { return path }
    var normals: [Point] = []
    normals.reserveCapacity(n)
    for i in 0..<n {
      let ahead = line[min(n - 1, i + 1)] - line[max(0, i - 1)]
      normals.append(ahead.unit.normal)
    }
    for i in 0..<n { path.points.append(line[i] + normals[i] * widths[i]) }
    if round { cap(line[n - 1], normals[n - 1] * widths[n - 1], into: &path) }
    for i in (0..<n).reversed() { path.points.append(line[i] - normals[i] * widths[i]) }
    if round { cap(line[0], -normals[0] * widths[0], into: &path) }
    path.close()
    return path
  }

  /// A feather or leaf: narrow at `base`, widest past the middle, `tip` round (1) to pointed (0).
  func petal(_ base: Point, _ tip: Point, _ halfWidth: Float, roundness: Float = 1) -> Path {
    let along = tip - base
    let across = along.unit.normal * halfWidth
    let shoulder = 0.55 + 0.3 * roundness
    let shoulderWidth = 0.72 + 0.2 * roundness
    return blob([
      base + across * 0.35,
      base + along * 0.4 + across,
      base + along * shoulder + across * shoulderWidth,
      tip,
      base + along * shoulder - across * shoulderWidth,
      base + along * 0.4 - across,
      base - across * 0.35,
    ])
  }

  /// The region under a ridge line that spans the picture, down to `bottom`.
  func ridge(_ crest: [Point], bottom: Float) -> Path {
    var path = Path()
    let n = crest.count
    for i in 0..<(n - 1) {
      curve(
        crest[max(0, i - 1)], crest[i], crest[i + 1], crest[min(n - 1, i + 2)], into: &path)
    }
    path.points.append(transform(crest[n - 1]))
    path.points.append(transform(Point(crest[n - 1].x, bottom)))
    path.points.append(transform(Point(crest[0].x, bottom)))
    path.close()
    return path
  }

  /// Colour running from one point to another.
  func linear(
    _ from: Point, _ to: Point, _ first: Color, _ second: Color, _ third: Color? = nil,
    middle: Float = 0.5
  ) -> Paint {
    var paint = Paint(
      kind: .linear, first, third == nil ? first.mixed(second, middle) : second, third ?? second,
      middle: middle)
    paint.origin = transform(from)
    let span = transform.vector(to - from)
    paint.axis = span / max(1e-6, span.x * span.x + span.y * span.y)
    return paint
  }

  /// Colour running from the middle of an ellipse to its edge.
  func radial(
    _ center: Point, _ a: Float, _ b: Float, angle: Float = 0, _ first: Color, _ second: Color,
    _ third: Color? = nil, middle: Float = 0.5
  ) -> Paint {
    var paint = Paint(
      kind: .radial, first, third == nil ? first.mixed(second, middle) : second, third ?? second,
      middle: middle)
    paint.origin = transform(center)
    let right = transform.vector(Point.direction(angle)) * a
    let down = transform.vector(Point.direction(angle).normal) * b
    paint.axis = right / max(1e-6, right.x * right.x + right.y * right.y)
    paint.crossAxis = down / max(1e-6, down.x * down.x + down.y * down.y)
    return paint
  }

  // MARK: Flattening

  /// Straight pieces for an arc of the given length in pixels.
  private func segments(_ pixels: Float) -> Int {
    max(6, min(48, Int(3 * pixels.squareRoot())))
  }

  /// The curve from `b` to `c`, without its end point.
  private func curve(_ a: Point, _ b: Point, _ c: Point, _ d: Point, into path: inout Path) {
    let pixels = (c - b).length * scale
    let steps = max(1, min(12, Int(0.6 + 0.9 * pixels.squareRoot())))
    let p1 = transform(b)
    path.points.append(p1)
    guard steps > 1 else { return }
    let p0 = transform(a)
    let p2 = transform(c)
    let p3 = transform(d)
    let linear = 0.5 * (p2 - p0)
    let square = p0 - 2.5 * p1 + 2 * p2 - 0.5 * p3
    let cube = 0.5 * (p3 - p0) + 1.5 * (p1 - p2)
    for i in 1..<steps {
      let t = Float(i) / Float(steps)
      path.points.append(p1 + t * (linear + t * (square + t * cube)))
    }
  }

  private func flattened(_ knots: [Point], _ halfWidths: [Float]) -> ([Point], [Float]) {
    var path = Path()
    var widths: [Float] = []
    let n = knots.count
    for i in 0..<(n - 1) {
      let before = path.points.count
      curve(
        knots[max(0, i - 1)], knots[i], knots[i + 1], knots[min(n - 1, i + 2)], into: &path)
      let steps = path.points.count - before
      for j in 0..<steps {
        let t = Float(j) / Float(steps)
        widths.append(scale * (halfWidths[i] + (halfWidths[i + 1] - halfWidths[i]) * t))
      }
    }
    path.points.append(transform(knots[n - 1]))
    widths.append(scale * halfWidths[n - 1])
    return (path.points, widths)
  }

  /// A half circle from `center + radius` to `center - radius`, both excluded.
  private func cap(_ center: Point, _ radius: Point, into path: inout Path) {
    let steps = max(2, min(12, Int(2 * radius.length.squareRoot()) + 1))
    let turn = Point.direction(-.pi / Float(steps))
    var v = radius
    for _ in 1..<steps {
      v = Point(v.x * turn.x - v.y * turn.y, v.x * turn.y + v.y * turn.x)
      path.points.append(center + v)
    }
  }
}
