extension LandscapePainter {
  private var halfWidths: [Float] {
    (0...6).map { i in
      landscape.thickness.0 + (landscape.thickness.1 - landscape.thickness.0) * Float(i) / 6
    }
  }

  /// The branch the birds sit on, with a side twig and its bark.
  func paintBranch() {
    let look = look(.branch)
    var tints = look.draws()
    let color = look.mood.bark.varied(0.05, &tints)
    var draws = landscape.draws(50)
    let object = canvas.object(.branch)
    let line = landscape.footing
    let widths = halfWidths
    for twig in twigs {
      canvas.fill(
        pen.stroke(twig, [0.016, 0.011, 0.005]),
        pen.linear(twig[0], twig[2], color.shaded(0.10), color.lit(0.06)), as: object)
    }
    let path = pen.stroke(line, widths)
    canvas.fill(path, color, as: object)
    canvas.inside(path) {
      let upper = zip(line, widths).map { $0 + Point(0, -$1 * 0.62) }
      let lower = zip(line, widths).map { $0 + Point(0, $1 * 0.72) }
      canvas.fill(pen.stroke(lower, widths.map { $0 * 0.55 }), color.shaded(0.34).faded(0.9))
      canvas.fill(pen.stroke(upper, widths.map { $0 * 0.34 }), color.lit(0.26).faded(0.85))
      for i in 0..<14 {
        let x = (Float(i) + draws.unit()) / 14
        let knot = landscape.foothold(x)
        let down = draws.uniform(0.01, 0.075)
        let start = knot + Point(0, down)
        canvas.fill(
          pen.stroke(
            [start, start + Point(draws.uniform(0.03, 0.08), draws.around(0.006))], [0.0035, 0.002]),
          (i % 3 == 0 ? color.lit(0.2) : color.shaded(0.5)).faded(0.7))
      }
    }
  }

  /// Side twigs that rise from the branch away from the birds.
  private var twigs: [[Point]] {
    var draws = landscape.draws(51)
    let x: Float = landscape.leansLeft ? draws.uniform(0.08, 0.16) : draws.uniform(0.84, 0.92)
    let out: Float = landscape.leansLeft ? -1 : 1
    let root = landscape.foothold(x) + Point(0, 0.02)
    let tip = root + Point(out * draws.uniform(-0.02, 0.10), -draws.uniform(0.30, 0.45))
    let other = landscape.foothold(1 - x) + Point(0, 0.02)
    let end = other + Point(-out * draws.uniform(0.04, 0.16), draws.uniform(0.12, 0.2))
    return [
      [root, root.mixed(tip, 0.5) + Point(out * 0.03, 0), tip],
      [other, other.mixed(end, 0.5) + Point(0, 0.02), end],
    ]
  }

  /// Leaves along the twigs and at the thin end of the branch.
  func paintLeaves() {
    let look = look(.foliage)
    var tints = look.draws(4)
    let color = leafColor
    var draws = landscape.draws(52)
    let object = canvas.object(.foliage)
    for twig in twigs {
      for i in 0..<8 {
        let f = 0.25 + 0.75 * Float(i) / 7
        let root = f < 0.5 ? twig[0].mixed(twig[1], f * 2) : twig[1].mixed(twig[2], f * 2 - 1)
        let along = (twig[2] - twig[0]).unit
        let side: Float = i % 2 == 0 ? 1 : -1
        let way = i == 7 ? along : along.rotated(side * draws.uniform(0.5, 1.1))
        leaf(root, way, draws.uniform(0.085, 0.13), color.varied(0.07, &tints), object)
      }
    }
  }

  private func leaf(
    _ root: Point, _ way: Point, _ length: Float, _ color: Color, _ object: Canvas.Mark
  ) {
    let tip = root + way * length
    let lit = way.normal.y < 0
    canvas.fill(
      pen.petal(root, tip, length * 0.27, roundness: 0.15),
      pen.linear(
        root + way.normal * length * 0.27, root - way.normal * length * 0.27,
        lit ? color.shaded(0.24) : color.lit(0.20), lit ? color.lit(0.20) : color.shaded(0.24)),
      as: object)
    canvas.fill(
      pen.stroke([root, root.mixed(tip, 0.9)], [0.0035, 0.001]), color.shaded(0.36).faded(0.7))
  }
}
