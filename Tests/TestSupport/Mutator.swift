/// Random changes of valid files, the same in every run.
public struct Mutator {
  private var state: UInt64

  /// Starts the changes of a seed.
  public init(state: UInt64) { self.state = state }

  /// The next number below a bound (SplitMix64).
  public mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }

  /// Up to four changes: a byte replaced, removed or inserted, a stretch copied, the end cut off.
  public mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    let tokens = "{}[]:,'\"\\/*+-.0159eExuINn\n\r\t \u{0}".utf8 + [0xFF, 0xC3, 0xE2, 0x80, 0xA8]
    var bytes = bytes
    for _ in 0...below(4) where !bytes.isEmpty {
      let place = below(bytes.count)
      switch below(6) {
      case 0: bytes[place] = UInt8(below(256))
      case 1: bytes[place] = tokens[below(tokens.count)]
      case 2: bytes.insert(tokens[below(tokens.count)], at: place)
      case 3: bytes.remove(at: place)
      case 4:
        let end = min(bytes.count, place + below(40))
        bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
      default: bytes.removeLast(below(min(bytes.count, 200)))
      }
    }
    return bytes
  }
}
