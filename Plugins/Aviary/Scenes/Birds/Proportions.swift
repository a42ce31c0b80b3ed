/// Shape of a beak, seen from the side.
public enum BillShape: String, CaseIterable, Sendable {
  case thin, cone, dagger, hooked, flat, stout
}

/// Shape of the end of a spread tail.
public enum TailShape: String, CaseIterable, Sendable {
  case rounded, square, notched, forked, pointed
}

/// Build of a bird; lengths are in units of the body without head and tail.
public struct Proportions: Sendable {
  /// Height of the body.
  var depth: Float = 0.56
  var headRadius: Float = 0.225
  /// Where the head's middle lies from the front of the shoulders when the bird is at ease.
  var neck = Point(0.16, -0.30)
  /// Half width of the neck in its middle; nil for a neck as thick as the parts it joins.
  var neckWidth: Float? = nil
  var bill = BillShape.thin
  var billLength: Float = 0.17
  var billDepth: Float = 0.075
  /// Height of the crest; 0 for none.
  var crest: Float = 0
  var tail = TailShape.square
  var tailLength: Float = 0.55
  var tailWidth: Float = 0.16
  var legLength: Float = 0.34
  var legWidth: Float = 0.020
  /// How far the folded wing reaches beyond the body's end.
  var wingReach: Float = 0.12
  /// Length of a spread wing.
  var span: Float = 1.15
  /// Depth of a spread wing at its root.
  var chord: Float = 0.52
  var eye: Float = 0.050
  var webbed = false
}
