/// Where the parts of a posed bird lie, in the bird's own coordinates.
///
/// The origin is the middle of the body, a unit is the body's length, the bird faces right and y
/// grows downwards.
struct Skeleton {
  let proportions: Proportions
  let pose: Pose
  /// From the body's coordinates (axis horizontal) to the bird's.
  let body: Transform
  /// From the head's coordinates (origin in its middle, x along the beak, unit is the radius).
  let head: Transform
  /// From the tail's coordinates (origin at its base, x towards its tip).
  let tail: Transform
  let neck: [Point]
  let neckWidths: [Float]
  let nearHip: Point
  let farHip: Point
  let nearHeel: Point
  let farHeel: Point
  let nearFoot: Point
  let farFoot: Point

  init(_ proportions: Proportions, _ pose: Pose) {
    self.proportions = proportions
    self.pose = pose
    let p = proportions
    let half = p.depth / 2
    let body = Transform(angle: -pose.pitch)
    let flying = pose.activity == .flying
    let root = body(Point(0.22, -0.10 * half))
    let shoulder = body(Point(0.30, -0.30 * half))
    var offset = p.neck
    if flying {
      offset =
        p.neckWidth == nil
        ? Point(p.neck.x + 0.10, p.neck.y * 0.45)
        : Point(p.neck.y * -0.55, p.neck.x * -0.55)
    }
    let middle = shoulder + offset + pose.reach
    let bend = p.neckWidth == nil ? Point(0, 0) : Point(flying ? 0.02 : 0.10, flying ? 0.05 : 0)
    let length = (middle - root).length
    if let width = p.neckWidth {
      let curl = length * (flying ? 0.15 : 0.34)
      neck = [
        root, root.mixed(middle, 0.30) + Point(curl, 0) + bend,
        root.mixed(middle, 0.62) + Point(-curl * 0.30, 0), middle,
      ]
      neckWidths = [half * 0.78, width * 1.35, width, p.headRadius * 0.80]
    } else {
      neck = [root, root.mixed(middle, 0.5), middle]
      neckWidths = [half * 0.86, (half * 0.86 + p.headRadius) / 2, p.headRadius * 0.96]
    }
    self.body = body
    head = Transform(angle: -pose.look + (flying ? -0.05 : 0), scale: p.headRadius, origin: middle)
    tail = Transform(
      angle: .pi - pose.pitch + pose.tailLift, origin: body(Point(-0.40, -0.14 * half)))

    let hip = body(Point(-0.04, 0.66 * half))
    nearHip = hip
    farHip = hip + Point(0.07, -0.02)
    var drop = p.legLength
    if pose.activity == .perched { drop = min(drop, 0.30) }
    let ground = hip.y + drop
    if flying {
      let back = Transform(angle: .pi - pose.pitch)
      let trail = max(0.18, p.legLength * 0.9)
      nearHeel = hip + back.vector(Point(trail * 0.5, -0.02))
      nearFoot = hip + back.vector(Point(trail, -0.05))
      farHeel = farHip + back.vector(Point(trail * 0.5, -0.02))
      farFoot = farHip + back.vector(Point(trail, -0.04))
    } else {
      let balance = body(Point(0.03, 0)).x
      nearFoot = Point(balance - pose.stride * 0.5, ground)
      farFoot = Point(balance + pose.stride * 0.5 + 0.03, ground - (drop > 0.5 ? 0.03 : 0.012))
      let bendBack = Point(-0.05 - 0.05 * drop, 0)
      nearHeel = hip.mixed(nearFoot, 0.45) + bendBack
      farHeel = farHip.mixed(farFoot, 0.45) + bendBack
    }
  }

  /// Height of the water's surface on a swimming bird.
  var waterline: Float { proportions.depth * 0.26 }

  /// Outline of the body without head, neck and tail.
  var bodyKnots: [Point] {
    let h = proportions.depth / 2
    return [
      Point(-0.56, -0.14 * h), Point(-0.36, -0.62 * h), Point(-0.08, -0.95 * h),
      Point(0.20, -0.98 * h), Point(0.42, -0.66 * h), Point(0.53, -0.02), Point(0.44, 0.66 * h),
      Point(0.16, 1.0 * h), Point(-0.16, 0.86 * h), Point(-0.40, 0.42 * h), Point(-0.56, 0.12 * h),
    ].map { body($0) }
  }

  /// The silhouette of body, neck and head (without crest).
  func silhouette(_ pen: Pen) -> Path {
    var path = pen.blob(bodyKnots)
    path.add(pen.stroke(neck, neckWidths))
    path.add(headPath(pen))
    return path
  }

  /// The head, a little longer than high, with the forehead drawn out towards the beak.
  func headPath(_ pen: Pen) -> Path {
    pen.within(head).blob([
      Point(-1.0, 0.05), Point(-0.80, -0.66), Point(-0.12, -1.0), Point(0.58, -0.78),
      Point(1.02, -0.16), Point(1.0, 0.30), Point(0.55, 0.80), Point(-0.20, 0.98),
      Point(-0.82, 0.66),
    ])
  }
}
