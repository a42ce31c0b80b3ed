extension LandscapePainter {
  /// The colour of the surface between the horizon and the lower edge.
  func surface(from top: Float) -> Paint {
    let (far, near) = look(.water).mood.water
    return pen.linear(Point(0, top), Point(0, 1), far, far.mixed(near, 0.62), near, middle: 0.42)
  }

  /// The surface with the reflection of the far shore and bands of light.
  func paintWater(from top: Float) {
    let look = look(.water)
    let (far, near) = look.mood.water
    canvas.fill(band(top, 1.1), surface(from: top), as: canvas.object(.water))
    let depth = 1 - top
    // The shore's reflection.
    canvas.fill(
      band(top, top + 0.14 * depth),
      pen.linear(
        Point(0, top), Point(0, top + 0.14 * depth), near.shaded(0.25).faded(0.42), near.faded(0)))
    var draws = look.draws(1)
    let count = 9 + draws.below(6)
    for i in 0..<count {
      let f = (Float(i) + draws.unit()) / Float(count)
      let y = top + depth * (0.03 + 0.97 * f * f)
      let width = (0.06 + 0.20 * f) * draws.uniform(0.6, 1.3)
      ripple(
        Point(draws.uniform(-0.05, 1.05), y), width, (0.003 + 0.007 * f),
        draws.chance(0.6) ? far.lit(0.55).faded(0.50) : near.shaded(0.18).faded(0.32))
    }
  }

  /// A lens of light or shade on the surface.
  func ripple(_ center: Point, _ halfLength: Float, _ halfHeight: Float, _ color: Color) {
    canvas.fill(
      pen.blob([
        center + Point(-halfLength, 0), center + Point(-halfLength * 0.3, -halfHeight),
        center + Point(halfLength * 0.4, -halfHeight * 0.7), center + Point(halfLength, 0),
        center + Point(halfLength * 0.2, halfHeight * 0.6),
      ]), color)
  }

  /// Covers what a bird has below the surface; its reflection and rings around it.
  func paintSurface(over skeleton: Skeleton, _ placement: Transform, waterline y: Float) {
    let look = look(.water)
    let (far, near) = look.mood.water
    let middle = placement.origin.x
    let size = placement.scale
    let reach = size * 1.3
    let edge = (0...8).map { i -> Point in
      let f = Float(i) / 8 * 2 - 1
      return Point(middle + f * reach, y + 0.004 * (i % 2 == 0 ? 1 : -1))
    }
    var mirror = placement
    mirror.origin.y = 2 * y - placement.origin.y
    mirror.right.y = -mirror.right.y
    mirror.down.y = -mirror.down.y
    let shape = pen.within(mirror)
    canvas.inside(pen.ridge(edge, bottom: min(1.1, y + size * 1.6))) {
      canvas.fill(
        pen.polygon([
          Point(middle - 2, y - 0.1), Point(middle + 2, y - 0.1), Point(middle + 2, 1.2),
          Point(middle - 2, 1.2),
        ]), surface(from: landscape.horizon), as: canvas.object(.water))
      let shade = near.shaded(0.42)
      let fade = pen.linear(
        Point(0, y), Point(0, y + size * 1.0), shade.faded(0.60), shade.faded(0.10))
      canvas.fill(skeleton.silhouette(shape), fade)
      var draws = look.draws(2)
      for i in 0..<7 {
        let f = (Float(i) + 0.5) / 7
        ripple(
          Point(middle + draws.around(0.5) * size, y + 0.02 + f * size * 0.75),
          size * draws.uniform(0.25, 0.55), 0.004 + 0.004 * f, far.lit(0.25).faded(0.45))
      }
    }
    for ring in 0..<3 {
      let f = Float(ring)
      let width = size * (0.50 + 0.17 * f)
      ripple(
        Point(middle - 0.02 * size, y + 0.012 + 0.020 * f), width, 0.006,
        far.lit(0.6).faded(0.62 - 0.16 * f))
    }
  }

  /// Reeds at the picture's side.
  func paintReeds() {
    var draws = landscape.draws(20)
    let look = look(.foliage)
    var tints = look.draws(2)
    let base = tints.pick(look.mood.foliage)
    let object = canvas.object(.foliage)
    let count = 11
    let side: Float = landscape.leansLeft ? 0.02 : 0.98
    let inward: Float = landscape.leansLeft ? 1 : -1
    let root = landscape.horizon + draws.uniform(0.20, 0.30)
    canvas.fill(
      pen.blob([
        Point(side - inward * 0.1, root - 0.10), Point(side + inward * 0.05, root - 0.08),
        Point(side + inward * 0.17, root - 0.005), Point(side + inward * 0.10, root + 0.03),
        Point(side - inward * 0.1, root + 0.04),
      ]), base.shaded(0.25), as: object)
    for _ in 0..<count {
      let x = side + inward * draws.uniform(-0.04, 0.14)
      let height = draws.uniform(0.16, 0.36)
      let lean = draws.around(0.08) + inward * 0.03
      let foot = Point(x, root + draws.around(0.02))
      let tip = foot + Point(lean, -height)
      canvas.fill(
        pen.stroke(
          [foot, foot.mixed(tip, 0.5) + Point(-lean * 0.2, 0), tip], [0.011, 0.009, 0.003]),
        base.varied(0.08, &tints), as: object)
      if draws.chance(0.35) {
        canvas.fill(
          pen.stroke([tip + Point(0, -0.005), tip + Point(lean * 0.12, -0.055)], [0.011, 0.010]),
          Color(0x7A4B30).varied(0.05, &tints), as: object)
      }
    }
  }
}
