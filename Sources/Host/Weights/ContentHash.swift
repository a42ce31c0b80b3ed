/// A fast 64-bit hash that finds damage in files; no protection against intent.
///
///     h ← (h ⊕ word) · 0x9E3779B97F4A7C15,  h ← h ⊕ (h >> 32)
///
/// Each step can be undone, so that changing any one word changes the result. Numbers are dealt to
/// four lanes that do not wait for one another.
struct ContentHash {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Adds one word.
  mutating func add(_ word: UInt64) { state = ContentHash.step(state, word) }

  /// Adds the bits of numbers, and their count.
  mutating func add(_ values: some Collection<Float>) {
    // Arrays and lent storage are contiguous, so that the copy is made for nothing else.
    let lanes = values.withContiguousStorageIfAvailable { ContentHash.lanes($0) }
    let result = lanes ?? ContentHash.lanes(Array(values))
    for lane in 0..<4 { add(result[lane]) }
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

  @inline(__always)
  private static func step(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let product = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ (product >> 32)
  }

  @inline(__always)
  private static func lanes(_ values: some RandomAccessCollection<Float>) -> SIMD4<UInt64> {
    var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    var iterator = values.makeIterator()
    for _ in 0..<(values.count / 4) {
      a = step(a, UInt64(iterator.next()?.bitPattern ?? 0))
      b = step(b, UInt64(iterator.next()?.bitPattern ?? 0))
      c = step(c, UInt64(iterator.next()?.bitPattern ?? 0))
      d = step(d, UInt64(iterator.next()?.bitPattern ?? 0))
    }
    while let rest = iterator.next() { a = step(a, UInt64(rest.bitPattern)) }
    return SIMD4(a, b, c, d)
  }
}
