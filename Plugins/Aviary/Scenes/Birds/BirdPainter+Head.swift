extension BirdPainter {
  /// Face, throat, crown and the marks around the eye.
  func paintHead() {
    let look = plumage.head
    let p = skeleton.proportions
    let object = mark(.head)
    let head = pen.within(skeleton.head)
    let face = look.color.color
    if p.neckWidth != nil {
      let n = skeleton.neck.count
      let hood = Array(skeleton.neck[(n - 2)...])
      canvas.fill(
        pen.stroke(
          [hood[0].mixed(hood[1], 0.25), hood[1]], [p.headRadius * 1.5, p.headRadius * 1.6]), face,
        as: object)
    }
    let plain = head.radial(
      Point(0.1, -0.3), 1.5, 1.5, face.lit(0.08), face, face.shaded(0.10), middle: 0.6)
    canvas.fill(
      head.blob([
        Point(-1.4, -1.3), Point(0.2, -1.6), Point(1.6, -1.2), Point(1.6, 0.4), Point(1.0, 1.02),
        Point(0.2, 1.22), Point(-0.7, 1.06), Point(-1.35, 0.55),
      ]), plain, as: object)
    // Throat and crown reach beyond the face, so they are filled in any colour: the label map may
    // not depend on looks.
    canvas.fill(
      head.blob([
        Point(1.2, 0.20), Point(0.62, 0.30), Point(0.28, 0.62), Point(0.12, 1.20), Point(0.7, 1.4),
        Point(1.3, 0.9),
      ]), look.throat == look.color ? plain : Paint(look.throat.color), as: object)
    let hasCap = look.crown != look.color || look.pattern == .capped
    canvas.fill(
      head.blob([
        Point(1.15, -0.22), Point(0.45, -0.36), Point(-0.35, -0.28), Point(-1.0, 0.22),
        Point(-1.7, -0.1), Point(-1.3, -1.5), Point(0.3, -1.6), Point(1.4, -0.9),
      ]),
      hasCap
        ? head.linear(Point(0, -1), Point(0, 0), look.crown.color.lit(0.06), look.crown.color)
        : plain, as: object)
    paintFaceMarks(head, look)
  }

  private func paintFaceMarks(_ head: Pen, _ look: Plumage.Head) {
    let color = look.mark.color
    switch look.pattern {
    case .plain, .capped:
      break
    case .eyeline:
      canvas.fill(
        head.stroke(
          [Point(1.05, 0.10), Point(0.36, -0.12), Point(-0.35, -0.06), Point(-1.0, 0.22)],
          [0.07, 0.15, 0.15, 0.05]), color)
    case .eyebrow:
      canvas.fill(
        head.stroke(
          [Point(0.95, -0.20), Point(0.40, -0.52), Point(-0.25, -0.46), Point(-0.95, -0.10)],
          [0.05, 0.11, 0.13, 0.03]), color)
    case .masked:
      canvas.fill(
        head.blob([
          Point(1.2, -0.30), Point(0.62, -0.44), Point(0.14, -0.34), Point(-0.06, 0.02),
          Point(0.28, 0.38),
          Point(0.60, 0.85), Point(1.15, 0.7),
        ]), color)
    case .cheeked:
      canvas.fill(
        head.blob([
          Point(0.30, 0.22), Point(-0.10, 0.10), Point(-0.62, 0.18), Point(-0.78, 0.48),
          Point(-0.30, 0.74),
          Point(0.18, 0.58),
        ]), color)
    }
  }

  /// The eye: ring, dark iris, a spark of light.
  func paintEye() {
    let p = skeleton.proportions
    let r = p.headRadius
    let head = pen.within(skeleton.head)
    let size = p.eye / r
    let place = Point(0.34, -0.14)
    let object = mark(.head)
    let dark =
      plumage.head.color.color.luminance < 0.32 || plumage.head.pattern == .masked
      || plumage.head.pattern == .eyeline
    if plumage.head.eyeRing {
      canvas.fill(head.circle(place, size * 1.55), Color(0xFBF3DC))
    } else {
      canvas.fill(
        head.circle(place, size * 1.22), Color(dark ? 0xE9D9B4 : 0x1C1A22).faded(dark ? 0.75 : 0.5))
    }
    canvas.fill(head.circle(place, size), Color(0x15131C), as: object)
    let spark = place + Point(light.x < 0 ? -0.30 : 0.30, -0.36) * size
    canvas.fill(head.circle(spark, size * 0.36), Color(0xFFFFFF))
  }
}
