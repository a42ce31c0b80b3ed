/// The classes of the label map, in the order of their numbers.
public enum Label: UInt8, CaseIterable, Sendable {
  case sky, water, foliage, branch, ground
  case beak, head, breast, wing, tail, legs
  case hill

  /// Lower-case name.
  public var name: String { "\(self)" }

  /// Whether the class is a part of a bird.
  public var isBird: Bool { (Label.beak.rawValue...Label.legs.rawValue).contains(rawValue) }

  /// Colour in pictures of label maps, `0xRRGGBB`.
  public var displayColor: UInt32 {
    switch self {
    case .sky: 0xBFDDEE
    case .water: 0x3D7EA6
    case .foliage: 0x5BA053
    case .branch: 0x7A5236
    case .ground: 0xC7B26B
    case .beak: 0xF2A33A
    case .head: 0xD1495B
    case .breast: 0xF4D9B5
    case .wing: 0x5C4D9A
    case .tail: 0x2E294E
    case .legs: 0xE4572E
    case .hill: 0x8AA6A3
    }
  }
}
