/// Shapes and places of everything around the birds; coordinates are those of the unit square.
///
/// Nothing here depends on how the scene looks: it decides the label map.
struct Landscape: Sendable {
  let habitat: Habitat
  let seed: UInt64
  /// Where the sky ends.
  let horizon: Float
  /// Whether ridges rise above the horizon.
  let hasHills: Bool
  /// Whether water lies behind the ground, or below a flight.
  let hasWater: Bool
  /// Whether bushes or trees stand at the horizon.
  let hasTrees: Bool
  /// A branch before foliage only, without a view.
  let isWoodland: Bool
  /// Side on which trees, reeds and leaves gather.
  let leansLeft: Bool
  let lightFromLeft: Bool
  /// Middle line of the branch, from the left to the right, or the line birds stand or swim on.
  let footing: [Point]
  /// Half the branch's thickness at the ends of ``footing``.
  let thickness: (Float, Float)

  init(_ habitat: Habitat, seed: UInt64) {
    var draws = Draws(seed, 2)
    self.habitat = habitat
    self.seed = seed
    leansLeft = draws.chance(0.5)
    lightFromLeft = draws.chance(0.5)
    isWoodland = habitat == .branch && draws.chance(0.3)
    hasHills = draws.chance(habitat == .ground ? 0.75 : 0.85)
    hasTrees = draws.chance(habitat == .sky ? 0.3 : 0.6)
    switch habitat {
    case .branch:
      horizon = draws.uniform(0.66, 0.84)
      hasWater = draws.chance(0.4)
      let y = draws.uniform(0.72, 0.80)
      let slope = draws.around(0.13)
      let bow = draws.around(0.04)
      footing = (0...6).map { i in
        let x = -0.08 + 1.16 * Float(i) / 6
        return Point(
          x, y + slope * (x - 0.5) + bow * (1 - 4 * (x - 0.5) * (x - 0.5)) + draws.around(0.008))
      }
      let thick = draws.uniform(0.036, 0.052)
      let thin = draws.uniform(0.018, 0.028)
      thickness = leansLeft ? (thick, thin) : (thin, thick)
    case .ground:
      horizon = draws.uniform(0.50, 0.64)
      hasWater = draws.chance(0.3)
      let y = draws.uniform(0.84, 0.90)
      footing = [Point(-0.1, y), Point(1.1, y)]
      thickness = (0, 0)
    case .water:
      horizon = draws.uniform(0.30, 0.46)
      hasWater = true
      let y = draws.uniform(0.68, 0.76)
      footing = [Point(-0.1, y), Point(1.1, y)]
      thickness = (0, 0)
    case .sky:
      horizon = draws.uniform(0.82, 0.94)
      hasWater = draws.chance(0.5)
      footing = []
      thickness = (0, 0)
    }
  }

  /// The draws of one kind of thing.
  func draws(_ stream: UInt64) -> Draws { Draws(seed, 3, stream) }

  /// Where feet rest, at a place across the picture.
  func foothold(_ x: Float) -> Point {
    guard habitat == .branch else { return Point(x, footing[0].y) }
    let f = (x + 0.08) / 1.16 * 6
    let i = min(5, max(0, Int(f)))
    let y = footing[i].y + (footing[i + 1].y - footing[i].y) * (f - Float(i))
    let half = thickness.0 + (thickness.1 - thickness.0) * f / 6
    return Point(x, y - half)
  }
}
