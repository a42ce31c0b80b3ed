extension BirdPainter {
  /// Feathers of the tail: from the outermost inwards, the middle one on top.
  func paintTail() {
    let p = skeleton.proportions
    let tail = pen.within(skeleton.tail)
    let object = mark(.tail)
    let base = plumage.tail.color.color
    let pairs = p.tail == .forked ? 3 : 3
    let spread = skeleton.pose.tailSpread
    for rank in (0...pairs).reversed() {
      let outward = Float(rank) / Float(pairs)
      for side in rank == 0 ? [Float(1)] : [Float(1), Float(-1)] {
        let length = p.tailLength * 1.12 * p.tail.length(outward)
        let angle = side * outward * spread
        let start = Point(-0.05, side * outward * p.tailWidth * 0.42)
        let tip = start + Point.direction(angle) * length
        let width = p.tailWidth * (p.tail == .forked ? 0.30 - 0.10 * outward : 0.42)
        let round: Float = p.tail == .pointed || p.tail == .forked ? 0.1 : 0.85
        var color = base.shaded(0.06 + 0.16 * (side > 0 ? outward : outward * 0.5))
        if plumage.tail.paleEdge, rank == pairs { color = PlumageColor.white.color }
        canvas.fill(
          tail.petal(start, tip, width * 1.14, roundness: round), color.shaded(0.35), as: object)
        canvas.fill(
          tail.petal(start, tip + Point(-0.012, -0.006), width * 0.94, roundness: round),
          tail.linear(
            start, tip, color.shaded(0.22), color.lit(0.07), color.shaded(0.05), middle: 0.6),
          as: object)
      }
    }
  }
}

extension TailShape {
  /// Length of a feather as a fraction of the tail's, by its distance from the middle (0...1).
  func length(_ outward: Float) -> Float {
    switch self {
    case .square: 1
    case .rounded: 1 - 0.18 * outward * outward
    case .notched: 0.86 + 0.14 * outward
    case .forked: 0.42 + 0.58 * outward * outward
    case .pointed: 1 - 0.45 * outward
    }
  }
}
