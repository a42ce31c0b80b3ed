internal import Kernels

/// A stream of random numbers, keyed by a seed, a name and a step.
///
/// The same key yields the same numbers, on every machine and with any number of threads; other keys
/// yield unrelated ones. Each draw moves the stream on, so that a second draw differs.
///
/// Source: Philox 4x32 with ten rounds, Salmon et al. 2011.
public struct RandomStream: Sendable {
  private let key: (UInt32, UInt32)
  private let high: (UInt32, UInt32)
  private var block: UInt64 = 0

  /// A stream at its beginning.
  ///
  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - stream: what the numbers are for, such as `"latent"` or a parameter's path.
  ///   - step: the training step, 0 where there is none.
  public init(seed: UInt64, stream: String, step: Int = 0) {
    // Seed and name make the key; the step is the high half of the counter.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in stream.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let mixed = RandomStream.mix(seed ^ RandomStream.mix(hash))
    key = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
    let step = UInt64(bitPattern: Int64(step))
    high = (UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32))
  }

  /// A bijection of words that spreads every bit (the finaliser of SplitMix64).
  private static func mix(_ word: UInt64) -> UInt64 {
    var z = word &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// The place of the next `count` numbers; the stream moves on behind them.
  mutating func take(_ count: Int) -> RandomPlace {
    let place = RandomPlace(key: key, high: high, firstBlock: block)
    block &+= UInt64((count + 3) / 4)
    return place
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    let words = words()
    return UInt64(words.0) | UInt64(words.1) << 32
  }

  /// A whole number in `0..<bound`, by multiplication; the bias is below `bound` / 2³².
  public mutating func below(_ bound: Int) -> Int {
    precondition(
      bound > 0 && bound <= 1 << 32, "[below] bound must be in 1...2^32, found \(bound)")
    return Int(((next() >> 32) * UInt64(bound)) >> 32)  // a shift binds tighter than a product
  }

  /// The next block of four words.
  mutating func words() -> (UInt32, UInt32, UInt32, UInt32) {
    defer { block &+= 1 }
    return philox4x32(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), high.0, high.1,
      key: key.0, key.1)
  }
}

extension RandomStream: RandomNumberGenerator {}

/// The counter-based generator beneath random streams: Philox 4x32 with ten rounds.
public enum Philox {
  /// Four random words for a counter and a key.
  public static func block(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    philox4x32(counter.0, counter.1, counter.2, counter.3, key: key.0, key.1)
  }
}
