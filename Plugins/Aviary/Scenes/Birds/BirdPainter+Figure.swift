extension BirdPainter {
  /// Key points and box of the bird, from its skeleton and from the pixels that show it.
  func figure(number: Int, instances: [UInt8], side: Int) -> Figure {
    var low = (x: side, y: side)
    var high = (x: -1, y: -1)
    for y in 0..<side {
      for x in 0..<side where instances[y * side + x] == number {
        low = (min(low.x, x), min(low.y, y))
        high = (max(high.x, x), max(high.y, y))
      }
    }
    let box =
      high.x < 0
      ? SIMD4<Float>()
      : SIMD4(Float(low.x), Float(low.y), Float(high.x - low.x + 1), Float(high.y - low.y + 1))
    let places = Keypoint.allCases.map { keypoint -> Point? in
      guard let place = skeleton.place(of: keypoint) else { return nil }
      let point = pen.transform(place)
      return isShown(point, number, instances, side) ? point : nil
    }
    return Figure(keypoints: places, box: box)
  }

  /// Whether a pixel of the bird lies at the point or beside it.
  private func isShown(_ point: Point, _ number: Int, _ instances: [UInt8], _ side: Int) -> Bool {
    guard point.x >= 0, point.y >= 0, point.x < Float(side), point.y < Float(side) else {
      return false
    }
    let reach = max(1, side / 48)
    let column = Int(point.x)
    let row = Int(point.y)
    for y in max(0, row - reach)...min(side - 1, row + reach) {
      for x in max(0, column - reach)...min(side - 1, column + reach)
      where instances[y * side + x] == number {
        return true
      }
    }
    return false
  }
}

extension Skeleton {
  /// Where a key point lies in the bird's own coordinates; nil where the pose hides it.
  func place(of keypoint: Keypoint) -> Point? {
    let p = proportions
    let h = p.depth / 2
    let flying = pose.activity == .flying
    let swimming = pose.activity == .swimming
    return switch keypoint {
    case .beakTip: head(Point(0.80 + p.billLength / p.headRadius + 0.15, 0.12))
    case .beakBase: head(Point(0.95, 0.12))
    case .eye: head(Point(0.34, -0.14))
    case .crown: head(Point(-0.12, -0.95))
    case .nape: head(Point(-0.92, 0.20))
    case .throat: head(Point(0.62, 0.78))
    case .back: body(Point(-0.02, -0.90 * h))
    case .breast: body(Point(0.48, 0.25 * h))
    case .belly: swimming ? nil : body(Point(0, 0.90 * h))
    case .wingShoulder: flying ? SpreadWing(self, near: true).root : body(Point(0.27, -0.34 * h))
    case .wingTip:
      flying ? SpreadWing(self, near: true).tip : body(Point(-0.56 - p.wingReach, -0.02 * h))
    case .farWingTip: flying ? SpreadWing(self, near: false).tip : nil
    case .tailBase: body(Point(-0.48, -0.10 * h))
    case .tailTip: tail(Point(p.tailLength * 1.12 * p.tail.length(0) - 0.05, 0))
    case .nearLegTop: swimming ? nil : nearHip
    case .nearFoot: swimming ? nil : nearFoot
    case .farLegTop: swimming ? nil : farHip
    case .farFoot: swimming ? nil : farFoot
    }
  }
}
