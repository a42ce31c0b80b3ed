/// The colours that parts of birds come in; each has a name that attributes and captions use.
public enum PlumageColor: Int, CaseIterable, Sendable {
  case black, grey, white, brown, buff, rufous, red, orange, yellow, green, blue, pink

  /// Lower-case name.
  public var name: String { "\(self)" }

  /// The middle of the colours that go by the name.
  var color: Color {
    switch self {
    case .black: Color(0x2C2E38)
    case .grey: Color(0x8E97A3)
    case .white: Color(0xF5F0E4)
    case .brown: Color(0x7B5840)
    case .buff: Color(0xDDBE90)
    case .rufous: Color(0xB5603A)
    case .red: Color(0xC9353C)
    case .orange: Color(0xEA8736)
    case .yellow: Color(0xF4CB45)
    case .green: Color(0x3F8C62)
    case .blue: Color(0x3C72B8)
    case .pink: Color(0xE795A4)
    }
  }
}

/// A named colour together with the exact tint in which one bird wears it.
public struct Tint: Sendable, Hashable {
  /// What attributes and captions call it.
  public let name: PlumageColor
  /// What is painted.
  public let color: Color

  init(_ name: PlumageColor, _ draws: inout Draws) {
    self.name = name
    color = name.color.varied(0.055, &draws)
  }
}
