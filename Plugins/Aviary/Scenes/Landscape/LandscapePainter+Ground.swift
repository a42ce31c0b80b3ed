extension LandscapePainter {
  private var soil: Color {
    let look = look(.ground)
    var draws = look.draws()
    return draws.pick(look.mood.ground).varied(0.03, &draws)
  }

  /// Ground from a softly waving edge to the lower side.
  func paintGround(from top: Float) {
    var draws = landscape.draws(30)
    let phase = draws.uniform(0, 6.28)
    let color = soil
    let crest = (0...6).map { i -> Point in
      let x = -0.06 + 1.12 * Float(i) / 6
      return Point(x, top + 0.012 * sine(phase + 4 * x) + draws.around(0.006))
    }
    let mist = look(.ground).mood.sky.2
    canvas.fill(
      pen.ridge(crest, bottom: 1.1),
      pen.linear(
        Point(0, top), Point(0, 1), color.mixed(mist, 0.42), color, color.shaded(0.20), middle: 0.45
      ),
      as: canvas.object(.ground))
  }

  /// Sweeps of light and shade, tufts, flowers and pebbles on the ground; all of its own class.
  func paintMeadow() {
    let look = look(.ground)
    var draws = look.draws(1)
    let color = soil
    let top = landscape.horizon + (landscape.hasWater ? 0.11 : 0.01)
    let depth = 1 - top
    for i in 0..<4 {
      let y = top + depth * (0.14 + 0.24 * Float(i)) + draws.around(0.02)
      let tone = i % 2 == 0 ? color.lit(0.22).faded(0.40) : color.shaded(0.24).faded(0.35)
      canvas.fill(
        pen.ellipse(
          Point(draws.uniform(0, 1), y), draws.uniform(0.30, 0.60), 0.022 + 0.012 * Float(i)), tone)
    }
    let bloom = draws.pick([0xF7F2E2, 0xF3C94E, 0xE58AA0, 0xB08BD0, 0xE8684A] as [UInt32])
    let flowers = draws.chance(0.6)
    for i in 0..<26 {
      let f = Float(i) / 25
      let place = Point(draws.uniform(-0.02, 1.02), top + depth * (0.10 + 0.88 * f))
      let size = 0.012 + 0.034 * f
      tuft(place, size, draws.chance(0.5) ? color.shaded(0.30) : color.lit(0.22), nil, &draws)
      if flowers, i % 3 == 0 {
        canvas.fill(
          pen.circle(place + Point(draws.around(0.02), -size * 1.2), 0.0035 + 0.007 * f),
          Color(bloom).varied(0.04, &draws))
      }
    }
  }

  /// A few blades from one root.
  func tuft(
    _ root: Point, _ height: Float, _ color: Color, _ mark: Canvas.Mark?, _ draws: inout Draws
  ) {
    for side: Float in [-1, 0.1, 0.9] {
      let tip =
        root
        + Point((side * 0.55 + draws.around(0.25)) * height, -height * (1.1 - 0.25 * abs(side)))
      canvas.fill(
        pen.stroke(
          [root, root.mixed(tip, 0.55) + Point(-side * 0.1 * height, 0), tip],
          [height * 0.13, height * 0.11, height * 0.02], round: false), color, as: mark)
    }
  }

  /// The bird's shadow on the ground.
  func paintShadow(_ foot: Point, _ size: Float) {
    let away: Float = landscape.lightFromLeft ? 1 : -1
    let dark = soil.shaded(0.62)
    let center = foot + Point(away * size * 0.10, 0.008)
    canvas.fill(
      pen.ellipse(center, size * 0.55, size * 0.075),
      pen.radial(
        center, size * 0.55, size * 0.075, dark.faded(0.62), dark.faded(0.45), dark.faded(0),
        middle: 0.55))
  }

  /// Grass along the lower edge, before the birds' feet.
  func paintGrassFront() {
    var draws = landscape.draws(31)
    let color = soil
    let object = canvas.object(.ground)
    for i in 0..<9 {
      let x = (Float(i) + 0.5) / 9 + draws.around(0.06)
      let edge = abs(x - 0.5) * 2
      tuft(
        Point(x, 1.02), 0.05 + 0.10 * edge * draws.uniform(0.5, 1),
        i % 2 == 0 ? color.shaded(0.34) : color.shaded(0.16), object, &draws)
    }
  }
}
