/// A colour with opacity, each component in 0...1, in the display's own (sRGB) scale.
public struct Color: Sendable, Hashable {
  /// Red, green, blue, opacity.
  public var rgba: SIMD4<Float>

  init(_ rgba: SIMD4<Float>) { self.rgba = rgba }

  /// An opaque colour written as `0xRRGGBB`.
  public init(_ hex: UInt32) {
    rgba = SIMD4(
      Float((hex >> 16) & 255) / 255, Float((hex >> 8) & 255) / 255, Float(hex & 255) / 255, 1)
  }

  /// The colour at `fraction` of the way to `other`, opacity included.
  func mixed(_ other: Color, _ fraction: Float) -> Color {
    Color(rgba + (other.rgba - rgba) * fraction)
  }

  /// The same colour, `opacity` times as opaque.
  func faded(_ opacity: Float) -> Color {
    Color(SIMD4(rgba.x, rgba.y, rgba.z, rgba.w * opacity))
  }

  /// Towards warm light; `amount` in 0...1.
  func lit(_ amount: Float) -> Color {
    Color(rgba + (SIMD4(1, 0.975, 0.90, rgba.w) - rgba) * amount)
  }

  /// Towards cool shade; `amount` in 0...1.
  func shaded(_ amount: Float) -> Color {
    Color(rgba + (SIMD4(0.10, 0.09, 0.22, rgba.w) - rgba) * amount)
  }

  /// Perceived brightness in 0...1.
  var luminance: Float { 0.299 * rgba.x + 0.587 * rgba.y + 0.114 * rgba.z }

  /// A neighbour of the colour: brightness and balance moved a little.
  func varied(_ amount: Float, _ draws: inout Draws) -> Color {
    let brightness = draws.around(amount)
    let warmth = draws.around(amount * 0.6)
    let green = draws.around(amount * 0.3)
    let moved = rgba + SIMD4(brightness + warmth, brightness + green, brightness - warmth, 0)
    return Color(moved.clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 1)))
  }
}
