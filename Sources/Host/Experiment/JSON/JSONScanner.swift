/// Walks over a text and knows line and column of where it is.
struct JSONScanner {
  let source: SourceText
  private(set) var index: Int
  private(set) var line: Int = 1
  private(set) var column: Int = 1

  init(_ source: SourceText) {
    self.source = source
    index = source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Where the scanner is.
  var position: SourcePosition { SourcePosition(source: source, line: line, column: column) }

  /// The byte under the scanner; nil at the end.
  var peek: UInt8? { index < source.bytes.count ? source.bytes[index] : nil }

  /// The byte after the one under the scanner.
  var next: UInt8? { index + 1 < source.bytes.count ? source.bytes[index + 1] : nil }

  /// True when nothing is left.
  var isAtEnd: Bool { index >= source.bytes.count }

  /// The scalar under the scanner; nil at the end.
  var scalar: Unicode.Scalar? {
    isAtEnd ? nil : UTF8Sequence.scalar(in: source.bytes, at: index).0
  }

  /// Moves over one scalar; a carriage return with its line feed counts as one line end.
  mutating func advance() {
    guard let byte = peek else { return }
    let length = byte < 0x80 ? 1 : UTF8Sequence.scalar(in: source.bytes, at: index).1
    if byte == 0x0A || (byte == 0x0D && next != 0x0A) {
      line += 1
      column = 1
    } else if byte != 0x0D {
      column += 1
    }
    index += length
  }

  /// Moves to the end.
  mutating func advanceToEnd() { index = source.bytes.count }

  /// The text between two offsets.
  func text(from start: Int, to end: Int) -> String {
    String(decoding: source.bytes[start..<end], as: UTF8.self)
  }
}

extension UInt8 {
  /// The byte of an ASCII character.
  static func ascii(_ scalar: Unicode.Scalar) -> UInt8 { UInt8(ascii: scalar) }

  /// True for the digits 0 to 9.
  var isDigit: Bool { (0x30...0x39).contains(self) }

  /// The value of a hexadecimal digit; nil for any other byte.
  var hexadecimalValue: UInt32? {
    switch self {
    case 0x30...0x39: UInt32(self) - 0x30
    case 0x41...0x46: UInt32(self) - 0x41 + 10
    case 0x61...0x66: UInt32(self) - 0x61 + 10
    default: nil
    }
  }
}

extension Unicode.Scalar {
  /// True for what JSON5 skips between tokens, line ends included.
  var isJSONSpace: Bool {
    switch value {
    case 0x09...0x0D, 0x20, 0xA0, 0xFEFF, 0x2028, 0x2029: true
    default: properties.generalCategory == .spaceSeparator
    }
  }

  /// True for what may start an unquoted key.
  var startsIdentifier: Bool {
    self == "_" || self == "$" || properties.isIDStart
  }

  /// True for what may follow in an unquoted key.
  var continuesIdentifier: Bool {
    startsIdentifier || properties.isIDContinue || value == 0x200C || value == 0x200D
  }
}
