/// What a bird is doing.
public enum Activity: String, CaseIterable, Sendable {
  case perched, standing, swimming, flying
}

/// Attitude of a bird's body; angles in radians, for a bird that faces right.
public struct Pose: Sendable, Hashable {
  /// What the bird is doing.
  public var activity: Activity
  /// True where the bird faces left.
  public var facesLeft: Bool
  /// How far the front of the body is raised.
  var pitch: Float
  /// How far the beak points up.
  var look: Float
  /// Movement of the head from its place at ease.
  var reach: Point
  /// How far the tail is raised above the body's axis.
  var tailLift: Float
  /// Angle between the outermost tail feathers.
  var tailSpread: Float
  /// Direction of the near wing's tip when spread: 1 straight up, -1 straight down.
  var wingLift: Float
  /// Distance between the feet.
  var stride: Float
}

extension Pose {
  /// A pose for an activity.
  static func drawn(_ activity: Activity, _ species: Species, _ draws: inout Draws) -> Pose {
    let p = species.proportions
    var pose = Pose(
      activity: activity, facesLeft: draws.chance(0.5), pitch: 0, look: draws.around(0.22),
      reach: Point(draws.around(0.04), draws.around(0.05)), tailLift: draws.around(0.14),
      tailSpread: draws.uniform(0.05, 0.22), wingLift: 0, stride: draws.uniform(0.06, 0.16))
    switch activity {
    case .perched:
      pose.pitch = degrees(draws.uniform(22, 46))
      pose.stride = draws.uniform(0.10, 0.15)
    case .standing:
      pose.pitch = degrees(p.neckWidth == nil ? draws.uniform(12, 34) : draws.uniform(10, 24))
      pose.stride = draws.uniform(0.12, 0.26)
    case .swimming:
      pose.pitch = degrees(draws.uniform(0, 7))
      pose.tailLift = draws.uniform(0.12, 0.32)
    case .flying:
      pose.pitch = degrees(draws.uniform(2, 24))
      pose.tailSpread = draws.uniform(0.35, 0.75)
      pose.tailLift = draws.around(0.10)
      pose.wingLift = draws.chance(0.72) ? draws.uniform(0.55, 0.98) : draws.uniform(-0.85, -0.45)
    }
    if p.neckWidth != nil, activity != .flying {
      pose.reach += Point(draws.around(0.10), draws.around(0.12))
    }
    return pose
  }
}
