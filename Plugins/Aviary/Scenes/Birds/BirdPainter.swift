/// Draws one bird, from its far side to its near side.
struct BirdPainter {
  let skeleton: Skeleton
  let plumage: Plumage
  let pen: Pen
  let canvas: Canvas
  let instance: Int
  /// Where the light comes from, in the bird's coordinates.
  let light: Point

  /// `placement` leads from the bird's coordinates to the unit square; `lightFromLeft` is the side of
  /// the picture from which the light falls.
  init(
    _ skeleton: Skeleton, _ plumage: Plumage, placement: Transform, on canvas: Canvas,
    instance: Int, lightFromLeft: Bool
  ) {
    self.skeleton = skeleton
    self.plumage = plumage
    pen = Pen(side: canvas.side).within(placement)
    self.canvas = canvas
    self.instance = instance
    let mirrored = placement.right.x < 0
    light = Point(lightFromLeft != mirrored ? -0.55 : 0.55, -0.85).unit
  }

  /// Draws everything except toes that close around a branch.
  func paint() {
    let flying = skeleton.pose.activity == .flying
    let swimming = skeleton.pose.activity == .swimming
    if !swimming { paintLeg(near: false) }
    if flying { paintSpreadWing(near: false) }
    paintTail()
    if !swimming { paintLeg(near: true) }
    paintBill()
    paintCrest()
    paintBody()
    if flying { paintSpreadWing(near: true) } else { paintFoldedWing() }
  }

  func mark(_ label: Label) -> Canvas.Mark { canvas.object(label, instance: instance) }
}
