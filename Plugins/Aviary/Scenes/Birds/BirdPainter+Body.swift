extension BirdPainter {
  /// Underparts, head and back inside one smooth silhouette.
  func paintBody() {
    canvas.inside(skeleton.silhouette(pen)) {
      paintUnderparts()
      paintBreastMarks()
      paintHead()
      paintBack()
      shadeBody()
      paintEye()
    }
  }

  private func paintUnderparts() {
    let look = plumage.breast
    let h = skeleton.proportions.depth / 2
    let body = pen.within(skeleton.body)
    let object = mark(.breast)
    let everything = pen.ellipse(skeleton.body.origin, 3, 3)
    canvas.fill(
      everything,
      body.radial(
        Point(0.34, 0.05), 0.85, 1.5 * h, look.color.color, look.color.color,
        look.color.color.shaded(0.10), middle: 0.45), as: object)
    guard look.belly != look.color else { return }
    let belly = look.belly.color
    canvas.fill(
      body.blob([
        Point(-0.62, -0.25 * h), Point(-0.2, -0.2 * h), Point(0.16, 0.30 * h),
        Point(0.34, 0.95 * h),
        Point(0.1, 1.3 * h), Point(-0.62, 0.8 * h),
      ]),
      body.linear(Point(0.30, 0.55 * h), Point(-0.05, 0.70 * h), belly.faded(0.25), belly))
  }

  private func paintBreastMarks() {
    let look = plumage.breast
    let h = skeleton.proportions.depth / 2
    let body = pen.within(skeleton.body)
    let color = look.mark.color.faded(0.9)
    switch look.pattern {
    case .plain:
      // A hint of feathers.
      for row in 0..<3 {
        for column in 0..<3 {
          let x = 0.36 - 0.17 * Float(row) + 0.03 * Float(column)
          let y = (0.10 + 0.34 * Float(column)) * h + 0.05 * h * Float(row)
          canvas.fill(
            body.stroke(
              [Point(x, y - 0.04), Point(x - 0.025, y), Point(x, y + 0.04)], [0.004, 0.010, 0.004]),
            look.color.color.shaded(0.30).faded(0.28))
        }
      }
    case .spotted, .streaked:
      let streaked = look.pattern == .streaked
      for row in 0..<6 {
        for column in 0..<5 {
          let x = 0.47 - 0.115 * Float(row) - 0.02 * Float(column)
          let y = (-0.34 + 0.31 * Float(column) + (row % 2 == 0 ? 0 : 0.155)) * h + 0.02
          guard y < 0.92 * h, x + y * 0.4 > -0.16 else { continue }
          let size: Float = 0.032 - 0.0022 * Float(row)
          canvas.fill(
            streaked
              ? body.petal(
                Point(x + 0.05, y - 0.012), Point(x - 0.075, y + 0.012), 0.018, roundness: 0.2)
              : body.ellipse(Point(x, y), size * 1.15, size, angle: -0.4), color)
        }
      }
    case .banded:
      for band in 0..<3 {
        let x = 0.40 - 0.15 * Float(band)
        let bow: Float = 0.10
        canvas.fill(
          body.stroke(
            [
              Point(x - 0.04, -1.0 * h), Point(x + bow, -0.2 * h), Point(x + bow * 0.8, 0.4 * h),
              Point(x - 0.06, 1.1 * h),
            ],
            [0.026, 0.032, 0.032, 0.026]), color)
      }
    }
  }

  /// The mantle: everything above the folded wing, from the nape to the tail.
  private func paintBack() {
    let h = skeleton.proportions.depth / 2
    let body = pen.within(skeleton.body)
    let color = plumage.wing.color.color
    let longNecked = skeleton.proportions.neckWidth != nil
    let front: Float = longNecked ? 0.24 : 0.30
    canvas.fill(
      body.blob([
        Point(-0.75, -0.02 * h), Point(-0.70, -1.3 * h), Point(-0.1, -1.5 * h),
        Point(front - 0.02, -1.25 * h),
        Point(front, -0.80 * h), Point(0.10, -0.42 * h), Point(-0.30, -0.22 * h),
      ]),
      body.linear(Point(0.3, -h), Point(-0.5, -0.1 * h), color.lit(0.05), color.shaded(0.10)),
      as: mark(.wing))
  }

  /// Soft form shadow on the far side of the light and a rim of light towards it.
  private func shadeBody() {
    let h = skeleton.proportions.depth / 2
    let body = pen.within(skeleton.body)
    let everything = pen.ellipse(skeleton.body.origin, 3, 3)
    let shade = Color(0x1B1838)
    canvas.fill(
      everything,
      pen.radial(
        skeleton.body(Point(0.12, -0.05)) + light * 0.16, 0.86, 0.50, angle: -skeleton.pose.pitch,
        shade.faded(0), shade.faded(0.05), shade.faded(0.34), middle: 0.55))
    canvas.fill(
      everything,
      pen.radial(
        skeleton.body(Point(0.10, -0.3 * h)) + light * 0.30, 0.52, 0.34,
        angle: -skeleton.pose.pitch,
        Color(0xFFF6DC).faded(0.26), Color(0xFFF6DC).faded(0.08), Color(0xFFF6DC).faded(0),
        middle: 0.6))
    _ = body
  }
}
