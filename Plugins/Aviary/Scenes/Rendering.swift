/// A drawn scene with everything that is known of each pixel and bird.
public struct Rendering: Sendable {
  /// Pixels along each side.
  public let side: Int
  /// Red, green, blue, row by row; `side · side · 3` numbers.
  public let image: [UInt8]
  /// The ``Label`` of each pixel, row by row: of the topmost thing that covers at least half of it.
  public let labels: [UInt8]
  /// 0 where there is no bird, `k + 1` where the scene's `birds[k]` is.
  public let instances: [UInt8]
  /// What is known of each of the scene's birds.
  public let birds: [Figure]
}

extension Scene {
  /// Draws the scene with `side` pixels along each side, at least 16; its shapes are the same at
  /// every side.
  public func rendered(side: Int) -> Rendering {
    precondition(side >= 16, "[Scene] found side \(side), expected at least 16")
    let canvas = Canvas(side: side)
    let scenery = LandscapePainter(landscape, looks: looks, on: canvas)
    let skeletons = birds.map { Skeleton($0.species.proportions, $0.pose) }
    scenery.paintBackdrop()
    let painters = birds.indices.map { i in
      BirdPainter(
        skeletons[i], birds[i].plumage, placement: birds[i].placement, on: canvas, instance: i + 1,
        lightFromLeft: landscape.lightFromLeft)
    }
    for i in birds.indices.reversed() {
      if landscape.habitat == .ground { scenery.paintShadow(birds[i].foot, birds[i].size) }
      painters[i].paint()
      if landscape.habitat == .water {
        scenery.paintSurface(over: skeletons[i], birds[i].placement, waterline: birds[i].foot.y)
      }
    }
    if landscape.habitat == .branch {
      scenery.paintBranch()
      for painter in painters { painter.paintGrip() }
    }
    scenery.paintForeground()
    canvas.grain(0.008, seed: landscape.seed)
    let instances = canvas.instanceMap()
    let figures = painters.indices.map { i in
      painters[i].figure(number: i + 1, instances: instances, side: side)
    }
    return Rendering(
      side: side, image: canvas.bytes(), labels: canvas.labelMap(), instances: instances,
      birds: figures)
  }
}
