extension BirdPainter {
  /// One leg with its foot.
  func paintLeg(near: Bool) {
    let p = skeleton.proportions
    let hip = near ? skeleton.nearHip : skeleton.farHip
    let heel = near ? skeleton.nearHeel : skeleton.farHeel
    let foot = near ? skeleton.nearFoot : skeleton.farFoot
    let object = mark(.legs)
    let base = plumage.legs.color.color
    let color = near ? base : base.shaded(0.28)
    let width = p.legWidth
    let dark = color.shaded(0.25)
    canvas.fill(pen.stroke([hip, heel], [width * 2.2, width * 1.2]), color, as: object)
    canvas.fill(pen.stroke([heel, foot], [width * 1.15, width]), color, as: object)
    guard skeleton.pose.activity != .flying else {
      for spread: Float in [-0.5, 0, 0.5] {
        let tip = foot + (foot - heel).unit.rotated(spread * 0.5) * 0.09
        canvas.fill(pen.stroke([foot, tip], [width * 0.8, width * 0.4]), dark, as: object)
      }
      return
    }
    let reach: Float = min(0.16, 0.10 + p.legLength * 0.08)
    if p.webbed, skeleton.pose.activity == .standing {
      let web = pen.polygon([
        foot + Point(-0.02, -0.015), foot + Point(reach, 0.012), foot + Point(reach * 0.5, 0.035),
        foot + Point(-0.01, 0.02),
      ])
      canvas.fill(web, color, as: object)
      return
    }
    let toes: [Point] = [
      Point(reach, 0.012), Point(reach * 0.75, 0.032), Point(-reach * 0.62, 0.018),
    ]
    for toe in toes {
      let knuckle = foot + toe * 0.5 + Point(0, -0.012)
      canvas.fill(
        pen.stroke([foot, knuckle, foot + toe], [width, width * 0.95, width * 0.55]), color,
        as: object)
    }
  }

  /// Toes of a perched bird, closed around the branch in front of them.
  func paintGrip() {
    let object = mark(.legs)
    let width = skeleton.proportions.legWidth * 1.25
    for near in [false, true] {
      let foot = near ? skeleton.nearFoot : skeleton.farFoot
      let base = plumage.legs.color.color
      let color = near ? base : base.shaded(0.22)
      for (i, x) in [Float(-0.026), 0.012, 0.05].enumerated() {
        let top = foot + Point(x * 0.4, -0.012)
        let bottom = foot + Point(x + 0.012, 0.062 - 0.006 * Float(i))
        canvas.fill(
          pen.stroke(
            [top, top.mixed(bottom, 0.5) + Point(0.012, 0), bottom], [width, width, width * 0.6]),
          pen.linear(top, bottom, color.lit(0.08), color.shaded(0.3)), as: object)
      }
    }
  }
}
