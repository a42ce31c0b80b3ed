/// The 18 key points of a person, in the order of OpenPose's COCO model.
public enum Joint: Int, CaseIterable, Sendable {
  case nose, neck
  case rightShoulder, rightElbow, rightWrist
  case leftShoulder, leftElbow, leftWrist
  case rightHip, rightKnee, rightAnkle
  case leftHip, leftKnee, leftAnkle
  case leftEye, rightEye, leftEar, rightEar
}

/// A place in a picture, x then y, in pixels from the middle of the first.
public typealias Place = SIMD2<Double>

/// Where a person's key points are.
public struct Pose: Sendable, Hashable {
  /// By the joints' numbers; nil where one is not seen.
  public let points: [Place?]

  /// Takes a place, or none, for each joint.
  public init(_ points: [Place?]) {
    precondition(
      points.count == Joint.allCases.count,
      "[Pose] \(points.count) points found, \(Joint.allCases.count) expected")
    self.points = points
  }

  /// Where a joint is.
  public subscript(joint: Joint) -> Place? { points[joint.rawValue] }

  /// The length of the trunk, `sqrt((|right hip − shoulder|² + |left hip − shoulder|²) / 2)`; nil
  /// where one of these four is not seen: nothing can be said of such a pose.
  public var trunk: Double? {
    guard let right = squaredDistance(.rightHip, .rightShoulder),
      let left = squaredDistance(.leftHip, .leftShoulder)
    else { return nil }
    return ((right + left) / 2).squareRoot()
  }

  private func squaredDistance(_ a: Joint, _ b: Joint) -> Double? {
    guard let a = self[a], let b = self[b] else { return nil }
    return ((a - b) * (a - b)).sum()
  }
}
