/// A fast 64-bit hash that finds damage in files; no protection against intent.
///
///     h ← (h ⊕ word) · 0x9E3779B97F4A7C15,  h ← h ⊕ (h >> 32)
///
/// Each step can be undone, so that changing any one word changes the result.
struct ContentHash {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Adds one word.
  mutating func add(_ word: UInt64) {
    state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
    state ^= state >> 32
  }

  /// Adds the bits of numbers, and their count.
  mutating func add(_ values: some Collection<Float>) {
    for value in values { add(UInt64(value.bitPattern)) }
    add(UInt64(values.count))
  }

  /// Adds bytes, and their count.
  mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { add(UInt64(byte)) }
    add(UInt64(bytes.count))
  }

  /// The hash in 16 hexadecimal digits.
  var digits: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
