/// Draws what surrounds the birds, from the sky to the nearest leaves.
struct LandscapePainter {
  let landscape: Landscape
  let looks: [Look]
  let pen: Pen
  let canvas: Canvas

  init(_ landscape: Landscape, looks: [Look], on canvas: Canvas) {
    self.landscape = landscape
    self.looks = looks
    self.canvas = canvas
    pen = Pen(side: canvas.side)
  }

  func look(_ label: Label) -> Look { looks[Int(label.rawValue)] }

  /// Everything behind the birds.
  func paintBackdrop() {
    if landscape.isWoodland {
      paintWoods()
      return
    }
    paintSky()
    if landscape.hasHills { paintHills() }
    switch landscape.habitat {
    case .branch, .sky:
      if landscape.hasWater {
        paintWater(from: landscape.horizon)
      } else {
        paintGround(from: landscape.horizon)
      }
      if landscape.hasTrees { paintTrees() }
    case .ground:
      if landscape.hasWater {
        paintWater(from: landscape.horizon - 0.01)
        paintGround(from: landscape.horizon + 0.10)
      } else {
        paintGround(from: landscape.horizon)
      }
      if landscape.hasTrees { paintTrees() }
      paintMeadow()
    case .water:
      if landscape.hasTrees { paintTrees() }
      paintWater(from: landscape.horizon)
      paintReeds()
    }
  }

  /// Everything before the birds.
  func paintForeground() {
    switch landscape.habitat {
    case .branch: paintLeaves()
    case .ground: paintGrassFront()
    case .water, .sky: break
    }
  }

  /// A rectangle across the picture.
  func band(_ top: Float, _ bottom: Float) -> Path {
    pen.polygon([Point(-0.1, top), Point(1.1, top), Point(1.1, bottom), Point(-0.1, bottom)])
  }
}
