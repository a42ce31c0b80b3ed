extension LandscapePainter {
  /// The middle tone of this scene's leaves.
  var leafColor: Color {
    let look = look(.foliage)
    var draws = look.draws()
    return draws.pick(look.mood.foliage).varied(0.03, &draws)
  }

  /// Bushes along the horizon, higher at one side.
  func paintTrees() {
    var draws = landscape.draws(40)
    let color = leafColor
    let object = canvas.object(.foliage)
    let base = landscape.horizon + (landscape.habitat == .water ? 0.03 : 0.02)
    let scale: Float = landscape.habitat == .branch || landscape.habitat == .ground ? 1 : 0.55
    let wholeWidth = draws.chance(0.35)
    for i in 0..<6 {
      let f = (Float(i) + 0.3 + 0.4 * draws.unit()) / 6
      let distance = landscape.leansLeft ? f : 1 - f
      if !wholeWidth, distance > 0.42 { continue }
      let height = scale * (0.24 - 0.20 * min(1, distance * 1.5)) * draws.uniform(0.75, 1.2) + 0.03
      let center = Point(f, base - height * 0.45)
      clump(
        center, height * draws.uniform(0.75, 1.05), height * 0.62, color, object,
        landscape.draws(41 + UInt64(i)))
    }
    canvas.fill(
      pen.ellipse(Point(landscape.leansLeft ? 0.05 : 0.95, base), wholeWidth ? 1.1 : 0.45, 0.025),
      color.shaded(0.28), as: object)
  }

  /// A round mass of leaves: dark body, lighter lobes towards the light.
  func clump(
    _ center: Point, _ a: Float, _ b: Float, _ color: Color, _ object: Canvas.Mark, _ draws: Draws
  ) {
    var draws = draws
    var body = Path()
    var lobes: [(Point, Float)] = []
    for i in 0..<7 {
      let angle = Float(i) / 7 * 6.2832 + draws.around(0.3)
      let place = center + Point(cosine(angle) * a * 0.62, sine(angle) * b * 0.62)
      let radius = min(a, b) * draws.uniform(0.42, 0.58)
      lobes.append((place, radius))
      body.add(pen.circle(place, radius))
    }
    body.add(pen.ellipse(center, a * 0.72, b * 0.72))
    canvas.fill(
      body,
      pen.linear(center - Point(0, b), center + Point(0, b), color.lit(0.02), color.shaded(0.34)),
      as: object)
    let light = Point(landscape.lightFromLeft ? -0.35 : 0.35, -0.5)
    for (place, radius) in lobes where place.y < center.y + b * 0.35 {
      let spot = place + light * radius * 0.5
      canvas.fill(
        pen.circle(spot, radius * 0.66),
        pen.radial(
          spot + light * radius * 0.3, radius * 0.95, radius * 0.95, color.lit(0.26).faded(0.85),
          color.lit(0.06).faded(0.0)))
    }
  }

  /// The inside of a wood: soft masses of leaves with light between them.
  func paintWoods() {
    let color = leafColor
    let look = look(.foliage)
    var draws = look.draws(3)
    let object = canvas.object(.foliage)
    canvas.fill(
      band(-0.1, 1.1),
      pen.linear(
        Point(0, 0), Point(0, 1), color.lit(0.34), color.lit(0.06), color.shaded(0.42), middle: 0.5),
      as: object)
    for _ in 0..<16 {
      let center = Point(draws.uniform(-0.1, 1.1), draws.uniform(-0.1, 1.1))
      let radius = draws.uniform(0.07, 0.20)
      let tone = draws.chance(0.5 + 0.3 * (0.5 - center.y)) ? color.lit(0.45) : color.shaded(0.30)
      canvas.fill(
        pen.circle(center, radius),
        pen.radial(
          center, radius, radius, tone.faded(0.30), tone.faded(0.24), tone.faded(0), middle: 0.8))
    }
    let glow = Point(landscape.lightFromLeft ? 0.2 : 0.8, 0.12)
    canvas.fill(
      pen.circle(glow, 0.7),
      pen.radial(
        glow, 0.7, 0.7, look.mood.sun.faded(0.55), look.mood.sun.faded(0.16),
        look.mood.sun.faded(0),
        middle: 0.4))
  }
}
