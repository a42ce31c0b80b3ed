extension LandscapePainter {
  /// Two or three ridges, paler with distance.
  func paintHills() {
    let look = look(.hill)
    var tints = look.draws()
    let (far, near) = look.mood.hills
    var draws = landscape.draws(10)
    let count = 2 + draws.below(2)
    let height = draws.uniform(0.10, 0.24) * (landscape.habitat == .sky ? 0.55 : 1)
    let object = canvas.object(.hill)
    let mist = look.mood.sky.2
    for i in 0..<count {
      let depth = count == 1 ? 1 : Float(i) / Float(count - 1)
      let rise = height * (1 - 0.55 * depth)
      let color = far.mixed(near, depth).varied(0.02, &tints)
      let phase = draws.uniform(0, 6.28)
      let pace = draws.uniform(2.6, 4.6) * (1 + 0.7 * depth)
      let crest = (0...8).map { j -> Point in
        let x = -0.06 + 1.12 * Float(j) / 8
        let wave = 0.55 + 0.45 * sine(phase + x * pace) + draws.around(0.10)
        return Point(x, landscape.horizon + 0.01 - rise * wave)
      }
      canvas.fill(
        pen.ridge(crest, bottom: landscape.horizon + 0.1),
        pen.linear(
          Point(0, landscape.horizon - rise), Point(0, landscape.horizon + 0.02), color,
          color.mixed(mist, 0.12), color.mixed(mist, 0.50), middle: 0.4), as: object)
    }
  }
}
