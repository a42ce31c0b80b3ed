/// A counter-based source of random draws: a pure function of seed, index, stream and position.
///
/// The counter walks with the golden-ratio increment and each state is scrambled by the SplitMix64
/// finaliser. Streams with different keys are independent for our purposes; no state is shared.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct Draws: Sendable {
  private var state: UInt64

  /// Starts the stream that belongs to a key.
  public init(_ seed: UInt64, _ index: UInt64 = 0, _ stream: UInt64 = 0) {
    state = Draws.scramble(
      Draws.scramble(Draws.scramble(seed &+ 0x9E37_79B9_7F4A_7C15) ^ index)
        ^ (stream &* 0xD1B5_4A32_D192_ED03))
  }

  /// A seed for a stream of its own, from the stream's key alone.
  var seed: UInt64 { Draws.scramble(state ^ 0xA076_1D64_78BD_642F) }

  static func scramble(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Draws.scramble(state)
  }

  /// A number in 0..<1 with 24 random bits.
  public mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number between the bounds.
  public mutating func uniform(_ low: Float, _ high: Float) -> Float { low + (high - low) * unit() }

  /// A number in `-spread...spread`, more often near zero (the sum of two uniform draws).
  public mutating func around(_ spread: Float) -> Float { (unit() + unit() - 1) * spread }

  /// A whole number in `0..<bound`; `bound` at least 1.
  public mutating func below(_ bound: Int) -> Int {
    min(bound - 1, Int(unit() * Float(bound)))
  }

  /// True with the given probability.
  public mutating func chance(_ probability: Float) -> Bool { unit() < probability }

  /// One element, all equally likely; the list is not empty.
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}
