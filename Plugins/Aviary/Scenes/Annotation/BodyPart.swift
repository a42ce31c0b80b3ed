/// A stretch of a bird between two key points, which moves as one piece from pose to pose.
public enum BodyPart: Int, CaseIterable, Sendable {
  case trunk, head, beak, neck, underparts, nearWing, farWing, tail, nearLeg, farLeg

  /// The key points at its ends.
  var ends: (from: Keypoint, to: Keypoint) {
    switch self {
    case .trunk: (.tailBase, .breast)
    case .head: (.nape, .beakBase)
    case .beak: (.beakBase, .beakTip)
    case .neck: (.throat, .breast)
    case .underparts: (.breast, .belly)
    case .nearWing: (.wingShoulder, .wingTip)
    case .farWing: (.back, .farWingTip)
    case .tail: (.tailBase, .tailTip)
    case .nearLeg: (.nearLegTop, .nearFoot)
    case .farLeg: (.farLegTop, .farFoot)
    }
  }

  /// Half of its breadth, as a multiple of the length of the bird's body.
  var halfWidth: Float {
    switch self {
    case .trunk, .nearWing, .farWing: 0.35
    case .head: 0.28
    case .neck, .underparts: 0.2
    case .tail: 0.25
    case .beak, .nearLeg, .farLeg: 0.1
    }
  }
}

/// Where the parts of one bird lie in a picture, to carry them over into another.
///
/// Coordinates are those of pixels, 0 in the middle of the first, as ports have them.
public struct PartPlaces: Sendable {
  /// The ends of each part, by its number; nil where one of them is missing.
  private let ends: [(from: Point, to: Point)?]
  /// Length of the body in pixels, negative where the bird faces left.
  private let breadth: Float

  /// Reads the places off a picture's key points.
  ///
  /// - Parameters:
  ///   - figure: the key points.
  ///   - bird: the bird they belong to.
  ///   - side: the picture's side in pixels.
  public init(_ figure: Figure, _ bird: Scene.Bird, side: Int) {
    ends = BodyPart.allCases.map { part in
      guard let from = figure[part.ends.from], let to = figure[part.ends.to], from != to else {
        return nil
      }
      return (from - 0.5, to - 0.5)
    }
    breadth = bird.size * Float(side) * (bird.pose.facesLeft ? -1 : 1)
  }

  /// The affine map from a part's pixels here to its pixels in another picture of the bird.
  ///
  /// Lengths along the part follow the part, lengths across it the whole bird, which is mirrored
  /// where it faces the other way.
  /// - Returns: a, b, c, d, e, f, 0, 0: pixel (x, y) comes from (ax + by + c, dx + ey + f); far
  ///   outside where the part is missing in one of the pictures.
  public func transform(of part: BodyPart, to other: PartPlaces) -> [Float] {
    guard let here = ends[part.rawValue], let there = other.ends[part.rawValue] else {
      return [1, 0, 1000, 0, 1, 1000, 0, 0]
    }
    // In the part's own coordinates (along, across): here = u·along + v·across + from.
    let u = here.to - here.from
    let v = u.unit.normal * breadth
    let along = there.to - there.from
    let across = along.unit.normal * other.breadth
    let area = u.x * v.y - u.y * v.x
    let x = (along * v.y - across * u.y) / area
    let y = (across * u.x - along * v.x) / area
    let shift = there.from - x * here.from.x - y * here.from.y
    return [x.x, y.x, shift.x, x.y, y.y, shift.y, 0, 0]
  }

  /// 1 inside the rectangle around a part, 0 elsewhere, row by row; 1 everywhere for the trunk,
  /// which brings the scenery along.
  public func mask(of part: BodyPart, side: Int) -> [Float] {
    guard part != .trunk else { return [Float](repeating: 1, count: side * side) }
    var mask = [Float](repeating: 0, count: side * side)
    guard let (from, to) = ends[part.rawValue] else { return mask }
    let length = (to - from).length
    let axis = (to - from).unit
    let half = part.halfWidth * abs(breadth)
    let margin = 0.1 * length + 1
    for y in 0..<side {
      for x in 0..<side {
        let offset = Point(Float(x), Float(y)) - from
        let along = offset.x * axis.x + offset.y * axis.y
        let across = offset.x * axis.normal.x + offset.y * axis.normal.y
        if along >= -margin, along <= length + margin, abs(across) <= half {
          mask[y * side + x] = 1
        }
      }
    }
    return mask
  }
}
