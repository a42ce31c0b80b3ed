/// What moves as one piece from pose to pose.
public enum BodyPart: Int, CaseIterable, Sendable {
  case body, head
  case rightThigh, leftThigh, rightShin, leftShin
  case rightUpperArm, leftUpperArm, rightForearm, leftForearm

  /// The joints at a limb's ends, the one nearer to the trunk first; nil for body and head.
  var ends: (from: Joint, to: Joint)? {
    switch self {
    case .body, .head: nil
    case .rightThigh: (.rightHip, .rightKnee)
    case .leftThigh: (.leftHip, .leftKnee)
    case .rightShin: (.rightKnee, .rightAnkle)
    case .leftShin: (.leftKnee, .leftAnkle)
    case .rightUpperArm: (.rightShoulder, .rightElbow)
    case .leftUpperArm: (.leftShoulder, .leftElbow)
    case .rightForearm: (.rightElbow, .rightWrist)
    case .leftForearm: (.leftElbow, .leftWrist)
    }
  }

  /// The same limb on the other side of the body.
  var mirrored: BodyPart {
    switch self {
    case .body, .head: self
    case .rightThigh: .leftThigh
    case .leftThigh: .rightThigh
    case .rightShin: .leftShin
    case .leftShin: .rightShin
    case .rightUpperArm: .leftUpperArm
    case .leftUpperArm: .rightUpperArm
    case .rightForearm: .leftForearm
    case .leftForearm: .rightForearm
    }
  }

  /// Whether a limb ends in a hand or foot, which reaches past the last key point.
  var isOuter: Bool {
    switch self {
    case .rightShin, .leftShin, .rightForearm, .leftForearm: true
    default: false
    }
  }
}

extension Pose {
  /// The four corners that place the body.
  static let bodyJoints: [Joint] = [.rightHip, .leftHip, .leftShoulder, .rightShoulder]
  /// The joints that place the head.
  static let headJoints: [Joint] = [.nose, .leftEye, .rightEye, .leftEar, .rightEar]

  /// The rectangle around a limb; nil where one of its ends is not seen.
  ///
  /// It begins a tenth of the limb before its upper end f, ends `reach` times its length past its
  /// lower end t, and is 0.4 trunks wide:
  ///
  ///     f' = f + 0.1 (f − t),  t' = t + reach (t − f'),  corners f' ± 0.2 trunk n, t' ∓ 0.2 trunk n
  ///
  /// with n of length 1 across f' − t'. A limb of no length has corners in a line.
  func rectangle(of part: BodyPart, reach: Double) -> [Place]? {
    guard let trunk, let ends = part.ends, var from = self[ends.from], var to = self[ends.to] else {
      return nil
    }
    from += (from - to) * 0.1
    to += (to - from) * reach
    let axis = from - to
    let length = (axis * axis).sum().squareRoot()
    guard length > 0 else { return [from + 1, from - 1, to - 1, to + 1] }
    let across = Place(-axis.y, axis.x) / length * (0.2 * trunk)
    return [from + across, from - across, to - across, to + across]
  }
}
