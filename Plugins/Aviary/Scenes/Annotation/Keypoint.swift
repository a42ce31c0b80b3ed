/// The points of a bird that are annotated, in the order of their numbers.
///
/// Near and far are the viewer's side of the bird, not its left and right.
public enum Keypoint: Int, CaseIterable, Sendable {
  /// Tip of the closed beak, and the middle of its root where it meets the face.
  case beakTip, beakBase
  /// Middle of the eye, top of the head (under a crest), back of the head where the neck begins.
  case eye, crown, nape
  /// Chin where the face meets the breast.
  case throat
  /// Middle of the upper edge of the trunk, foremost point of the breast, lowest point of the belly.
  case back, breast, belly
  /// Where the near wing joins the body, and its tip.
  case wingShoulder, wingTip
  /// Tip of the far wing; hidden while the wings are folded.
  case farWingTip
  /// Where the tail leaves the body, and the tip of its middle feathers.
  case tailBase, tailTip
  /// Where the near leg leaves the body, and its foot.
  case nearLegTop, nearFoot
  /// Where the far leg leaves the body, and its foot.
  case farLegTop, farFoot

  /// Lower-case words: `beak tip`.
  public var name: String {
    "\(self)".map { $0.isUppercase ? " \($0.lowercased())" : String($0) }.joined()
  }
}
