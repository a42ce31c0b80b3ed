/// How the inside of a path is coloured. Coordinates are pixels.
struct Paint {
  enum Kind {
    case flat
    /// Colour is a function of `dot(p - origin, axis)`: `first` at 0, `second` at `middle`, `third` at 1.
    case linear
    /// Colour is a function of the length of `(p - origin)` in units of two axes: `first` at 0,
    /// `second` at `middle`, `third` at 1 and beyond.
    case radial
  }

  var kind: Kind
  var first: SIMD4<Float>
  var second = SIMD4<Float>()
  var third = SIMD4<Float>()
  var middle: Float = 0.5
  var origin = Point()
  var axis = Point()
  var crossAxis = Point()

  /// One colour.
  init(_ color: Color) {
    kind = .flat
    first = color.rgba
  }

  init(kind: Kind, _ first: Color, _ second: Color, _ third: Color, middle: Float) {
    self.kind = kind
    self.first = first.rgba
    self.second = second.rgba
    self.third = third.rgba
    self.middle = middle
  }

  /// Colour at a pixel position.
  @inline(__always)
  func color(_ p: Point) -> SIMD4<Float> {
    switch kind {
    case .flat:
      return first
    case .linear:
      let d = p - origin
      return ramp(d.x * axis.x + d.y * axis.y)
    case .radial:
      let d = p - origin
      let u = d.x * axis.x + d.y * axis.y
      let v = d.x * crossAxis.x + d.y * crossAxis.y
      return ramp((u * u + v * v).squareRoot())
    }
  }

  @inline(__always)
  private func ramp(_ t: Float) -> SIMD4<Float> {
    if t <= 0 { return first }
    if t >= 1 { return third }
    if t < middle { return first + (second - first) * (t / middle) }
    return second + (third - second) * ((t - middle) / (1 - middle))
  }
}
