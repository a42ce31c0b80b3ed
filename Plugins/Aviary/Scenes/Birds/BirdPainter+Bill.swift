extension BirdPainter {
  /// Upper and lower beak; the head covers their roots.
  func paintBill() {
    let p = skeleton.proportions
    let r = p.headRadius
    let bill = pen.within(
      Transform(
        angle: angle(of: skeleton.head.right), origin: skeleton.head(Point(0.80, 0.12))))
    let object = mark(.beak)
    let color = plumage.beak.color.color
    let l = p.billLength + 0.2 * r
    let d = max(p.billDepth, 0.055)
    let outline = p.bill.outline(length: l, depth: d)
    let tip = plumage.beak.darkTip ? color.shaded(0.65) : color.lit(0.06)
    canvas.fill(
      bill.blob(outline.lower),
      bill.linear(Point(0, 0), Point(l, 0), color.shaded(0.30), color.shaded(0.16)),
      as: object)
    canvas.fill(
      bill.blob(outline.upper),
      bill.linear(Point(0, 0), Point(l, 0), color.shaded(0.05), color.lit(0.10), tip, middle: 0.62),
      as: object)
    canvas.fill(
      bill.stroke(outline.ridge, [d * 0.05, d * 0.09, d * 0.02]), color.lit(0.45).faded(0.6))
  }

  /// Pointed feathers that stand up from the crown.
  func paintCrest() {
    let p = skeleton.proportions
    guard p.crest > 0 else { return }
    let head = pen.within(skeleton.head)
    let object = mark(.head)
    let size = p.crest / p.headRadius
    let crown = plumage.head.crown.color
    for (i, lean) in [Float(0.55), 0.25, 0].enumerated() {
      let root = Point(-0.15 - 0.25 * lean, -0.45)
      let tip = Point(-0.62 - 0.9 * lean, -0.88 - size * (0.92 - 0.75 * lean))
      canvas.fill(
        head.petal(root, tip, 0.40 - 0.05 * Float(i), roundness: 0.0),
        head.linear(root, tip, crown, crown.shaded(0.18 - 0.05 * Float(i))), as: object)
    }
  }
}

extension BillShape {
  /// Outlines in the beak's coordinates: x from its root to its tip, the mouth along y = 0.
  func outline(length l: Float, depth d: Float) -> (upper: [Point], lower: [Point], ridge: [Point])
  {
    switch self {
    case .thin:
      return (
        [
          Point(0, -0.50 * d), Point(0.5 * l, -0.42 * d), Point(l, 0.06 * d),
          Point(0.5 * l, 0.10 * d), Point(0, 0.10 * d),
        ],
        [
          Point(0, 0), Point(0.6 * l, 0), Point(0.93 * l, 0.10 * d), Point(0.5 * l, 0.42 * d),
          Point(0, 0.55 * d),
        ],
        [Point(0.1 * l, -0.32 * d), Point(0.5 * l, -0.24 * d), Point(0.85 * l, -0.04 * d)]
      )
    case .stout:
      return (
        [
          Point(0, -0.62 * d), Point(0.55 * l, -0.55 * d), Point(l, 0.12 * d),
          Point(0.5 * l, 0.12 * d), Point(0, 0.12 * d),
        ],
        [
          Point(0, 0), Point(0.6 * l, 0), Point(0.94 * l, 0.16 * d), Point(0.5 * l, 0.52 * d),
          Point(0, 0.62 * d),
        ],
        [Point(0.1 * l, -0.38 * d), Point(0.5 * l, -0.32 * d), Point(0.85 * l, -0.02 * d)]
      )
    case .cone:
      return (
        [
          Point(0, -0.78 * d), Point(0.42 * l, -0.62 * d), Point(l, 0.10 * d),
          Point(0.5 * l, 0.10 * d), Point(0, 0.06 * d),
        ],
        [
          Point(0, 0), Point(0.5 * l, 0.02 * d), Point(0.88 * l, 0.10 * d),
          Point(0.45 * l, 0.52 * d), Point(0, 0.62 * d),
        ],
        [Point(0.1 * l, -0.52 * d), Point(0.45 * l, -0.36 * d), Point(0.8 * l, -0.04 * d)]
      )
    case .dagger:
      return (
        [
          Point(0, -0.58 * d), Point(0.4 * l, -0.48 * d), Point(l, 0.02 * d),
          Point(0.5 * l, 0.08 * d), Point(0, 0.08 * d),
        ],
        [
          Point(0, 0), Point(0.6 * l, 0), Point(0.97 * l, 0.04 * d), Point(0.42 * l, 0.44 * d),
          Point(0, 0.54 * d),
        ],
        [Point(0.05 * l, -0.34 * d), Point(0.45 * l, -0.24 * d), Point(0.9 * l, -0.02 * d)]
      )
    case .hooked:
      return (
        [
          Point(0, -0.52 * d), Point(0.6 * l, -0.50 * d), Point(0.94 * l, -0.18 * d),
          Point(0.97 * l, 0.46 * d), Point(0.80 * l, 0.14 * d), Point(0, 0.12 * d),
        ],
        [
          Point(0, 0), Point(0.6 * l, 0), Point(0.84 * l, 0.16 * d), Point(0.62 * l, 0.58 * d),
          Point(0, 0.52 * d),
        ],
        [Point(0.1 * l, -0.30 * d), Point(0.55 * l, -0.30 * d), Point(0.85 * l, -0.10 * d)]
      )
    case .flat:
      return (
        [
          Point(0, -0.80 * d), Point(0.35 * l, -0.38 * d), Point(0.80 * l, -0.30 * d),
          Point(l, 0.02 * d), Point(0.9 * l, 0.20 * d), Point(0, 0.16 * d),
        ],
        [
          Point(0, 0), Point(0.6 * l, 0.04 * d), Point(0.92 * l, 0.14 * d),
          Point(0.8 * l, 0.38 * d), Point(0, 0.52 * d),
        ],
        [Point(0.08 * l, -0.46 * d), Point(0.45 * l, -0.20 * d), Point(0.85 * l, -0.12 * d)]
      )
    }
  }
}
