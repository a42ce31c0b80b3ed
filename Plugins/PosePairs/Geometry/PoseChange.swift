/// How a person's parts move between two pictures.
///
/// Source: arXiv:1801.00055, section 3.2, and its code.
public struct PoseChange: Sendable {
  /// Where the person is in the picture that is made.
  public let target: Pose
  /// Where the person is in the picture it is made from.
  public let source: Pose

  /// Two poses of a person; hips and shoulders must be seen in both.
  public init(target: Pose, source: Pose) {
    precondition(
      target.trunk != nil && source.trunk != nil,
      "[PoseChange] hips and shoulders must be seen in both poses")
    (self.target, self.source) = (target, source)
  }

  /// The map from a part's pixels in the target to its pixels in the source.
  ///
  /// A limb that is not seen in the source is taken from the other side of the body; what cannot be
  /// placed comes from nowhere.
  public func map(of part: BodyPart) -> AffineMap {
    switch part {
    case .body:
      return fit(Pose.bodyJoints)
    case .head:
      let seen = Pose.headJoints.filter { target[$0] != nil && source[$0] != nil }
      return seen.isEmpty ? .nowhere : fit(seen + [.leftShoulder, .rightShoulder])
    default:
      let reach = part.isOuter ? 0.3 : 0.1
      guard let here = target.rectangle(of: part, reach: reach),
        let there = source.rectangle(of: part, reach: reach)
          ?? source.rectangle(of: part.mirrored, reach: reach)
      else { return .nowhere }
      return AffineMap.fitted(from: here, to: there) ?? .nowhere
    }
  }

  /// The map from the person's pixels in the target to those in the source, as one piece: by hips,
  /// shoulders and the knees that are seen in both.
  public var wholeMap: AffineMap {
    let knees = [Joint.rightKnee, .leftKnee].filter { target[$0] != nil && source[$0] != nil }
    return fit(Pose.bodyJoints + knees)
  }

  private func fit(_ joints: [Joint]) -> AffineMap {
    let here = joints.compactMap { target[$0] }
    let there = joints.compactMap { source[$0] }
    return AffineMap.fitted(from: here, to: there) ?? .nowhere
  }

  /// The eight numbers of each part's map, in the order of the parts.
  public var transforms: [Float] { BodyPart.allCases.flatMap { map(of: $0).coefficients } }
}
