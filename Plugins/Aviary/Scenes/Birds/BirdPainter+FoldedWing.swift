extension BirdPainter {
  /// The near wing, folded along the body: long feathers first, then rows of coverts over them.
  func paintFoldedWing() {
    let p = skeleton.proportions
    let h = p.depth / 2
    let look = plumage.wing
    let root = Point(0.27, -0.34 * h)
    let tip = Point(-0.56 - p.wingReach, -0.02 * h)
    let wing = pen.within(
      skeleton.body.after(Transform(angle: angle(of: tip - root), origin: root)))
    let l = (tip - root).length
    let w = 0.60 * h
    let object = mark(.wing)
    // In these coordinates x runs from the shoulder to the tip and y points to the back.
    let color = look.color.color
    let long = look.flight.color
    let edge: Color? = look.pattern == .edged ? look.mark.color : nil
    let outline = wing.blob([
      Point(-0.10 * l, 0), Point(0.02 * l, 0.85 * w), Point(0.25 * l, 1.0 * w),
      Point(0.5 * l, 0.78 * w),
      Point(0.72 * l, 0.36 * w), Point(0.74 * l, -0.05 * w), Point(0.5 * l, -0.72 * w),
      Point(0.25 * l, -0.98 * w), Point(0.02 * l, -0.75 * w),
    ])
    // A shadow of the wing on the flank.
    canvas.fill(
      wing.blob([
        Point(0, -0.9 * w), Point(0.25 * l, -1.22 * w), Point(0.55 * l, -0.95 * w),
        Point(0.8 * l, -0.2 * w),
        Point(0.4 * l, 0.2 * w),
      ]), Color(0x1B1838).faded(0.20))
    for i in 0..<5 {
      let f = Float(i) / 4
      feather(
        wing, Point(0.34 * l, (0.10 - 0.45 * f) * w),
        Point((1.0 - 0.085 * f) * l, (0.02 - 0.22 * f) * w),
        0.19 * w, long.shaded(0.10 - 0.04 * f), edge: nil, object, roundness: 0.35)
    }
    canvas.fill(outline, wing.linear(Point(0, 0), Point(l, 0), color, long), as: object)
    for i in 0..<6 {
      let f = Float(i) / 5
      feather(
        wing, Point(0.22 * l, (-0.72 + 1.20 * f) * w),
        Point((0.64 + 0.12 * f) * l, (-0.62 + 1.04 * f) * w),
        0.22 * w, long.lit(0.03 + 0.05 * f), edge: edge, object, roundness: 0.75)
    }
    coverts(wing, x: 0.14 * l, reach: 0.30 * l, w, color.shaded(0.07), object, count: 6)
    coverts(wing, x: 0.02 * l, reach: 0.24 * l, w * 0.96, color, object, count: 5)
    canvas.fill(
      wing.blob([
        Point(-0.11 * l, 0), Point(0.0, 0.74 * w), Point(0.12 * l, 0.62 * w), Point(0.17 * l, 0),
        Point(0.12 * l, -0.66 * w),
        Point(0.0, -0.70 * w),
      ]),
      wing.radial(Point(0.0, 0.2 * w), 0.24 * l, 0.9 * w, color.lit(0.16), color.lit(0.04)),
      as: object)
  }

  /// A row of short feathers across the wing, with the marks of the wing's pattern at their ends.
  private func coverts(
    _ wing: Pen, x: Float, reach: Float, _ w: Float, _ color: Color, _ object: Canvas.Mark,
    count: Int
  ) {
    let look = plumage.wing
    for i in 0..<count {
      let f = Float(i) / Float(count - 1)
      let y = (-0.76 + 1.52 * f) * w
      let bow = 1 - 0.30 * (2 * f - 1) * (2 * f - 1)
      let base = Point(x - 0.1 * reach, y * 0.8)
      let tip = Point(x + reach * bow, y)
      let width = 1.02 * w / Float(count)
      let edge: Color? = look.pattern == .edged ? look.mark.color : nil
      feather(wing, base, tip, width, color.lit(0.05 * f), edge: edge, object, roundness: 1)
      switch look.pattern {
      case .barred:
        canvas.fill(
          wing.ellipse(tip + Point(-0.10 * reach, 0), 0.15 * reach, width * 0.98), look.mark.color)
      case .spotted:
        canvas.fill(
          wing.circle(tip + Point(-0.2 * reach, 0), width * 0.42), look.mark.color)
      case .plain, .edged:
        break
      }
    }
  }

  /// One feather: a dark rim, a body that brightens towards its end, perhaps a pale edge.
  func feather(
    _ pen: Pen, _ base: Point, _ tip: Point, _ halfWidth: Float, _ color: Color, edge: Color?,
    _ object: Canvas.Mark, roundness: Float
  ) {
    let rim = edge ?? color.shaded(0.38)
    canvas.fill(pen.petal(base, tip, halfWidth * 1.12, roundness: roundness), rim, as: object)
    let inner = base.mixed(tip, edge == nil ? 0.965 : 0.91)
    canvas.fill(
      pen.petal(base, inner, halfWidth * (edge == nil ? 0.92 : 0.80), roundness: roundness),
      pen.linear(base, tip, color.shaded(0.16), color.lit(0.10)))
  }
}
