/// A text that values came from: a file, or one `--set` argument.
///
/// Positions keep a reference to it, so that a diagnostic can show the line it speaks of even when
/// a tree has been put together from several texts.
public final class SourceText: Sendable {
  /// What messages call the text: a path, or the argument as typed.
  public let name: String
  /// The text as valid UTF-8; bytes that were not are replaced by U+FFFD.
  let bytes: [UInt8]
  /// The place of the first byte that was not UTF-8, and a sentence about it.
  let encodingFault: (offset: Int, message: String)?

  /// Keeps a text under the name that messages will use.
  public init(_ text: String, name: String) {
    self.name = name
    bytes = Array(text.utf8)
    encodingFault = nil
  }

  /// Keeps bytes read from a file; bytes that are not UTF-8 are replaced and remembered.
  public init(bytes: [UInt8], name: String) {
    self.name = name
    encodingFault = SourceText.firstEncodingFault(in: bytes)
    self.bytes =
      encodingFault == nil ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  /// The line with this number, counted from 1, without its end; empty past the last one.
  func line(_ number: Int) -> String {
    var current = 1
    var start = 0
    for (offset, byte) in bytes.enumerated() where current <= number {
      let endsLine =
        byte == 0x0A
        || (byte == 0x0D && !(offset + 1 < bytes.count && bytes[offset + 1] == 0x0A))
      guard endsLine else { continue }
      if current == number { return decoded(start..<offset) }
      current += 1
      start = offset + 1
    }
    return current == number ? decoded(start..<bytes.count) : ""
  }

  private func decoded(_ range: Range<Int>) -> String {
    let text = String(decoding: bytes[range], as: UTF8.self)
    return text.hasSuffix("\r") ? String(text.dropLast()) : text
  }

  private static func firstEncodingFault(in bytes: [UInt8]) -> (offset: Int, message: String)? {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return (0, "the file is UTF-16; save it as UTF-8")
    }
    var offset = 0
    while offset < bytes.count {
      guard let length = UTF8Sequence.length(in: bytes, at: offset) else {
        let byte = String(bytes[offset], radix: 16, uppercase: true)
        return (offset, "byte 0x\(byte) is not UTF-8; save the file as UTF-8")
      }
      offset += length
    }
    return nil
  }
}

/// A place in a source text: line and column, both counted from 1.
public struct SourcePosition: Sendable {
  /// The text the place is in.
  public let source: SourceText
  /// The line, counted from 1.
  public let line: Int
  /// The column in Unicode scalars, counted from 1.
  public let column: Int
}

extension SourcePosition: CustomStringConvertible {
  /// `file:line:column`.
  public var description: String { "\(source.name):\(line):\(column)" }

  /// The line with a caret under the column; a long line is cut to a window around it.
  public var excerpt: String {
    let scalars = source.line(line).unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control ? " " : scalar
    }
    let first = scalars.count <= 96 ? 0 : max(0, min(column - 49, scalars.count - 96))
    let window = String(String.UnicodeScalarView(scalars.dropFirst(first).prefix(96)))
    let caret = String(repeating: " ", count: max(0, column - 1 - first)) + "^"
    return "    \(window)\n    \(caret)"
  }
}

/// The well-formed byte sequences of UTF-8.
enum UTF8Sequence {
  /// The number of bytes of the scalar that starts at an offset; nil where none does.
  static func length(in bytes: [UInt8], at offset: Int) -> Int? {
    let lead = bytes[offset]
    let (length, second): (Int, ClosedRange<UInt8>)
    switch lead {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard offset + length <= bytes.count, second.contains(bytes[offset + 1]) else { return nil }
    for next in bytes[(offset + 1)..<(offset + length)] where next & 0xC0 != 0x80 { return nil }
    return length
  }

  /// The scalar at an offset of valid UTF-8, and its number of bytes.
  static func scalar(in bytes: [UInt8], at offset: Int) -> (Unicode.Scalar, Int) {
    guard let length = length(in: bytes, at: offset) else { return ("\u{FFFD}", 1) }
    guard length > 1 else { return (Unicode.Scalar(bytes[offset]), 1) }
    var value = UInt32(bytes[offset]) & (0x7F >> UInt32(length))
    for next in bytes[(offset + 1)..<(offset + length)] { value = value << 6 | UInt32(next & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }
}
