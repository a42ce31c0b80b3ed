extension LandscapePainter {
  /// Air, the sun's glow, clouds.
  func paintSky() {
    let look = look(.sky)
    var draws = look.draws()
    let tint = draws.around(0.03)
    let (top, middle, low) = look.mood.sky
    let bend = draws.uniform(0.45, 0.70)
    let end = min(1, landscape.horizon + 0.04)
    canvas.fill(
      band(-0.1, 1.1),
      pen.linear(
        Point(0, 0), Point(0, end), top.lit(max(0, tint)).shaded(max(0, -tint)), middle, low,
        middle: bend), as: canvas.object(.sky))
    paintSun(look, &draws)
    paintClouds(look, &draws)
  }

  private func paintSun(_ look: Look, _ draws: inout Draws) {
    let x = landscape.lightFromLeft ? draws.uniform(0.02, 0.30) : draws.uniform(0.70, 0.98)
    let center = Point(x, draws.uniform(0.06, 0.30) * landscape.horizon / 0.7)
    let reach = draws.uniform(0.45, 0.75)
    canvas.fill(
      pen.circle(center, reach),
      pen.radial(
        center, reach, reach, look.mood.sun.faded(0.62), look.mood.sun.faded(0.20),
        look.mood.sun.faded(0), middle: 0.32))
    guard draws.chance(0.45) else { return }
    let radius = draws.uniform(0.05, 0.075)
    canvas.fill(pen.circle(center, radius), look.mood.sun.lit(0.55).faded(0.92))
  }

  private func paintClouds(_ look: Look, _ draws: inout Draws) {
    let count = 2 + draws.below(3)
    for i in 0..<count {
      let far = Float(i) / Float(count)
      let width = draws.uniform(0.20, 0.36) * (0.6 + 0.7 * far)
      let center = Point(
        draws.uniform(-0.05, 1.05),
        (0.10 + 0.62 * (1 - far) + draws.around(0.10)) * landscape.horizon)
      paintCloud(look, center, width, opacity: 0.55 + 0.35 * far, &draws)
    }
  }

  /// Round heads over a flat base.
  private func paintCloud(
    _ look: Look, _ center: Point, _ width: Float, opacity: Float, _ draws: inout Draws
  ) {
    let height = width * draws.uniform(0.26, 0.36)
    var path = pen.ellipse(center + Point(0, -height * 0.10), width, height * 0.32)
    for i in 0..<5 {
      let f = Float(i) / 4 * 2 - 1
      let radius = height * (0.42 + 0.42 * (1 - f * f) + draws.around(0.14))
      path.add(
        pen.ellipse(
          center + Point(f * width * 0.66, -radius * 0.62 + draws.around(0.04) * height),
          radius * 1.25,
          radius))
    }
    let (light, shade) = look.mood.cloud
    canvas.fill(
      path,
      pen.linear(
        center + Point(0, -height * 1.1), center + Point(0, height * 0.28), light.faded(opacity),
        light.mixed(shade, 0.35).faded(opacity), shade.faded(opacity * 0.55), middle: 0.6))
  }
}
