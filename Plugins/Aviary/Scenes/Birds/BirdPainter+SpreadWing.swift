/// Bones and feathers of a spread wing.
struct SpreadWing {
  let root: Point
  let wrist: Point
  let tip: Point
  /// Direction in which the innermost feathers point.
  let trailing: Point

  /// `near` is the wing on the viewer's side.
  init(_ skeleton: Skeleton, near: Bool) {
    let p = skeleton.proportions
    let lift = skeleton.pose.wingLift
    let h = p.depth / 2
    // Straight up is -90°; raised wings lean back, the far one less.
    let up = lift >= 0
    let lean: Float = near ? 26 : -12
    let direction: Float =
      up ? -90 - lean + (1 - lift) * (near ? -48 : -30) : 90 + (near ? 28 : 8) - (1 + lift) * 20
    root = skeleton.body(Point(near ? 0.16 : 0.22, (up ? -0.55 : -0.30) * h))
    let reach = p.span * (near ? 1 : 0.92)
    let arm = Point.direction(degrees(direction + (up ? 20 : -20)))
    let hand = Point.direction(degrees(direction + (up ? -14 : 14)))
    wrist = root + arm * reach * 0.42
    tip = wrist + hand * reach * 0.60
    trailing = skeleton.body.vector(Point(-1, up ? -0.05 : 0.25)).unit
  }
}

extension BirdPainter {
  /// A wing held open: a fan of long feathers, shorter rows over it, the arm along its front.
  func paintSpreadWing(near: Bool) {
    let bones = SpreadWing(skeleton, near: near)
    let p = skeleton.proportions
    let look = plumage.wing
    let object = mark(.wing)
    let dim: Float = near ? 0 : 0.24
    let color = look.color.color.shaded(dim)
    let long = look.flight.color.shaded(dim)
    let marks = look.mark.color.shaded(dim)
    let edge: Color? = look.pattern == .edged ? marks : nil
    let root = bones.root
    let wrist = bones.wrist
    let hand = (bones.tip - wrist)
    // Inner feathers, from the body outwards.
    for i in 0..<7 {
      let f = Float(i) / 6
      let base = root.mixed(wrist, 0.02 + 0.94 * f)
      let way = bones.trailing.mixed(hand.unit, 0.05 + 0.30 * f).unit
      feather(
        pen, base, base + way * p.chord * (0.92 + 0.16 * f), 0.075, long.lit(0.04), edge: edge,
        object, roundness: 0.9)
    }
    // Outer feathers, fanned between the trailing edge and the tip.
    for i in 0..<8 {
      let f = Float(i) / 7
      let base = wrist + hand * (0.06 + 0.34 * f)
      let way = bones.trailing.mixed(hand.unit, 0.38 + 0.62 * f).unit
      let length = p.chord * 1.08 + (hand.length * 0.68 - p.chord * 1.08) * f
      feather(
        pen, base, base + way * max(length, hand.length * 0.45), 0.066 - 0.014 * f,
        long.shaded(0.03 + 0.10 * f),
        edge: nil, object, roundness: 0.5)
    }
    // Coverts along arm and hand.
    for row in 0..<2 {
      let reach = p.chord * (row == 0 ? 0.58 : 0.34)
      let tone = row == 0 ? color.shaded(0.06) : color.lit(0.04)
      for i in 0..<9 {
        let f = Float(i) / 8
        let onArm = f < 0.6
        let base = onArm ? root.mixed(wrist, f / 0.6) : wrist + hand * (0.5 * (f - 0.6) / 0.4)
        let way = bones.trailing.mixed(
          hand.unit, onArm ? 0.35 * f / 0.6 : 0.35 + 0.5 * (f - 0.6) / 0.4
        ).unit
        let length = reach * (1 - 0.25 * max(0, f - 0.6) / 0.4)
        let end = base + way * length
        feather(pen, base, end, 0.062, tone, edge: edge, object, roundness: 1)
        if look.pattern == .barred {
          canvas.fill(
            pen.ellipse(end - way * 0.03, 0.030, 0.066, angle: angle(of: way)), marks)
        } else if look.pattern == .spotted {
          canvas.fill(pen.circle(end - way * 0.05, 0.026), marks)
        }
      }
    }
    canvas.fill(
      pen.stroke(
        [root, root.mixed(wrist, 0.6), wrist, wrist + hand * 0.45], [0.11, 0.085, 0.065, 0.02]),
      pen.linear(root, bones.tip, color.lit(0.10), color), as: object)
  }
}
