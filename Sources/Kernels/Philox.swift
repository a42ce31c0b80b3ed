/// Ten rounds of Philox 4x32: four words that depend on a counter of four and a key of two words.
///
/// Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (2011).
@inline(__always)
package func philox4x32(
  _ c0: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32, key k0: UInt32, _ k1: UInt32
) -> (UInt32, UInt32, UInt32, UInt32) {
  var (c0, c1, c2, c3) = (c0, c1, c2, c3)
  var (k0, k1) = (k0, k1)
  for _ in 0..<10 {
    let p0 = UInt64(c0) &* 0xD251_1F53
    let p1 = UInt64(c2) &* 0xCD9E_8D57
    let (h0, l0) = (UInt32(truncatingIfNeeded: p0 &>> 32), UInt32(truncatingIfNeeded: p0))
    let (h1, l1) = (UInt32(truncatingIfNeeded: p1 &>> 32), UInt32(truncatingIfNeeded: p1))
    (c0, c1, c2, c3) = (h1 ^ c1 ^ k0, l1, h0 ^ c3 ^ k1, l0)
    k0 = k0 &+ 0x9E37_79B9
    k1 = k1 &+ 0xBB67_AE85
  }
  return (c0, c1, c2, c3)
}

/// What the words of a stream are turned into.
package enum RandomKind: UInt8, Sendable { case uniform, normal }

/// The place of a draw in its stream: key, the stream's high counter words and the first block of four.
package struct RandomPlace: Sendable {
  package var key: (UInt32, UInt32)
  package var high: (UInt32, UInt32)
  package var firstBlock: UInt64

  package init(key: (UInt32, UInt32), high: (UInt32, UInt32), firstBlock: UInt64) {
    self.key = key
    self.high = high
    self.firstBlock = firstBlock
  }
}

/// Draws elements `range` (a multiple of 4 at its start); element i depends on i alone.
///
/// Uniform: low + (high - low)·u, u in 0..<1 with 24 bits. Normal: low is the mean, high the standard deviation.
package func drawRandom(
  _ kind: RandomKind, _ target: UnsafeMutablePointer<Float>, _ range: Range<Int>,
  _ place: RandomPlace, low: Float, high: Float
) {
  var position = range.lowerBound
  while position < range.upperBound {
    let block = place.firstBlock &+ UInt64(position / 4)
    let words = philox4x32(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block &>> 32), place.high.0,
      place.high.1, key: place.key.0, place.key.1)
    var values: (Float, Float, Float, Float)
    switch kind {
    case .uniform:
      let width = high - low
      values = (
        unit(words.0) * width + low, unit(words.1) * width + low, unit(words.2) * width + low,
        unit(words.3) * width + low
      )
    case .normal:
      let (a, b) = boxMuller(words.0, words.1)
      let (c, d) = boxMuller(words.2, words.3)
      values = (a * high + low, b * high + low, c * high + low, d * high + low)
    }
    let rest = range.upperBound - position
    target[position] = values.0
    if rest > 1 { target[position + 1] = values.1 }
    if rest > 2 { target[position + 2] = values.2 }
    if rest > 3 { target[position + 3] = values.3 }
    position += 4
  }
}

/// 24 bits of a word as a number in 0..<1.
@inline(__always) private func unit(_ word: UInt32) -> Float { Float(word &>> 8) * 0x1p-24 }

/// Two independent normal numbers from two words (Box and Muller 1958).
@inline(__always) private func boxMuller(_ first: UInt32, _ second: UInt32) -> (Float, Float) {
  let u = (Float(first &>> 8) + 1) * 0x1p-24  // in 0<...1
  let radius = kernelSqrt(-2 * kernelLog(u))
  let angle = Float(second &>> 8) * 0x1p-24 * 6.283185307179586
  return (
    radius * kernelSine(angle, quarterTurns: 1), radius * kernelSine(angle, quarterTurns: 0)
  )
}
