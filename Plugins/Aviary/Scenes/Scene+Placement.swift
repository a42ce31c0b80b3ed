extension Scene {
  /// Finds each bird's size and place: the first large and near the middle, others beside it.
  mutating func place(_ draws: inout Draws) {
    let crowd = birds.count > 1
    for i in birds.indices {
      let skeleton = Skeleton(birds[i].species.proportions, birds[i].pose)
      let extent = skeleton.extent
      let slot = i == 0 ? Float(0.5) : (i % 2 == 1) == landscape.leansLeft ? 0.80 : 0.20
      let room: Float = i == 0 ? (crowd ? 0.72 : 0.84) : 0.38
      let x = slot + (i == 0 ? draws.around(crowd ? 0.03 : 0.05) : draws.around(0.06))
      let modesty = draws.uniform(0.90, 1)
      if landscape.habitat == .sky {
        let size = extent.high - extent.low
        let scale = min(room / size.x, room / size.y) * modesty
        let y = i == 0 ? 0.48 + draws.around(0.04) : draws.uniform(0.22, 0.72)
        settle(i, scale, center: Point(x, y), middle: (extent.low + extent.high) / 2)
      } else {
        let foot = Point(x, landscape.foothold(x).y - (i == 0 ? 0 : drift(i)))
        let anchor = skeleton.anchor(in: landscape.habitat)
        let scale =
          min(
            room / (extent.high.x - extent.low.x),
            (foot.y - 0.05) * (i == 0 ? 1 : 0.55) / (anchor.y - extent.low.y))
          * modesty
        let middle = (extent.low.x + extent.high.x) / 2
        settle(i, scale, center: foot, middle: Point(middle, anchor.y))
        if landscape.habitat == .branch {
          // The feet stand on the branch wherever they are across the picture.
          let across = birds[i].place.x + (birds[i].pose.facesLeft ? -1 : 1) * anchor.x * scale
          let shift = landscape.foothold(across).y + 0.004 - foot.y
          birds[i].place.y += shift
          birds[i].foot = Point(across, foot.y + shift)
        }
      }
    }
  }

  /// How much further up, that is further away, a lesser bird stands.
  private func drift(_ i: Int) -> Float {
    landscape.habitat == .branch ? 0 : 0.10 + 0.05 * Float(i)
  }

  private mutating func settle(_ i: Int, _ scale: Float, center: Point, middle: Point) {
    let side: Float = birds[i].pose.facesLeft ? -1 : 1
    birds[i].size = scale
    birds[i].place = center - Point(side * middle.x, middle.y) * scale
    birds[i].foot = center
  }
}

extension Scene.Bird {
  /// From the bird's own coordinates to the unit square.
  var placement: Transform {
    let upright = Transform(scale: size, origin: place)
    return pose.facesLeft ? upright.mirrored() : upright
  }
}

extension Skeleton {
  /// Corners of a box around the bird, in its own coordinates.
  var extent: (low: Point, high: Point) {
    var points = bodyKnots
    let r = proportions.headRadius
    let middle = head.origin
    points += [middle - Point(r, r), middle + Point(r, r)]
    points.append(head(Point(0.85 + proportions.billLength / r, 0.12)))
    if proportions.crest > 0 {
      points.append(middle + Point(-0.4 * r, -r - proportions.crest * 0.7))
    }
    points.append(tail(Point(proportions.tailLength * 1.1, 0)))
    switch pose.activity {
    case .flying:
      for near in [true, false] {
        let wing = SpreadWing(self, near: near)
        points += [wing.wrist, wing.tip]
      }
    case .swimming:
      points.removeAll { $0.y > waterline }
    case .perched, .standing:
      points += [nearFoot, farFoot]
    }
    return points.dropFirst().reduce((points[0], points[0])) {
      (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1))
    }
  }

  /// The point that rests on the ground, the branch or the water.
  func anchor(in habitat: Habitat) -> Point {
    switch (habitat, pose.activity) {
    case (.water, .swimming): Point(0, waterline)
    case (.water, _): nearFoot.mixed(farFoot, 0.5) - Point(0, 0.06)
    default: Point(nearFoot.mixed(farFoot, 0.5).x, nearFoot.y)
    }
  }
}
