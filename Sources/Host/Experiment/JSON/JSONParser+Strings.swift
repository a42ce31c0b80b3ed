extension JSONParser {
  /// Reads a string whose quote is under the scanner; nil when it is not closed.
  mutating func string() -> String? {
    let start = scanner.position
    guard let quote = scanner.peek else { return nil }
    if dialect == .json, quote != .ascii("\"") {
      fault("strings stand in double quotes in this file")
    }
    scanner.advance()
    var text = String.UnicodeScalarView()
    while let byte = scanner.peek, let scalar = scanner.scalar {
      if byte == quote {
        scanner.advance()
        return String(text)
      }
      guard byte != 0x0A, byte != 0x0D else { break }
      if byte == .ascii("\\") {
        escape(into: &text)
        continue
      }
      if dialect == .json, byte < 0x20 {
        fault("control characters must be escaped in this file")
      }
      text.append(scalar)
      scanner.advance()
    }
    let found = Unicode.Scalar(quote)
    fault("the string is not closed with \(found) before the line ends", at: start)
    return nil
  }

  /// Skips a string while recovering, reporting nothing.
  mutating func skipString() {
    let quote = scanner.peek
    scanner.advance()
    while let byte = scanner.peek, byte != 0x0A, byte != 0x0D {
      scanner.advance()
      if byte == quote { return }
      if byte == .ascii("\\") { scanner.advance() }
    }
  }

  /// Reads an escape whose backslash is under the scanner.
  private mutating func escape(into text: inout String.UnicodeScalarView) {
    let start = scanner.position
    scanner.advance()
    guard let byte = scanner.peek, let scalar = scanner.scalar else { return }
    if dialect == .json, !"\"\\/bfnrtu".utf8.contains(byte) {
      fault("\\\(scalar) is not an escape of this file", at: start)
    }
    let simple: [UInt8: Unicode.Scalar] = [
      .ascii("b"): "\u{08}", .ascii("f"): "\u{0C}", .ascii("n"): "\n", .ascii("r"): "\r",
      .ascii("t"): "\t", .ascii("v"): "\u{0B}",
    ]
    switch byte {
    case .ascii("u"):
      scanner.advance()
      unicodeEscape(into: &text, at: start)
    case .ascii("x"):
      scanner.advance()
      if let code = hexadecimal(digits: 2), let found = Unicode.Scalar(code) { text.append(found) }
    case 0x0D:
      scanner.advance()
      if scanner.peek == 0x0A { scanner.advance() }
    case .ascii("0") where !(scanner.next?.isDigit ?? false):
      scanner.advance()
      text.append("\0")
    case _ where byte.isDigit:
      fault("\\\(scalar) is not an escape", at: start)
      scanner.advance()
    default:
      scanner.advance()
      // A backslash at the end of a line continues the string on the next one.
      if scalar == "\n" || scalar.value == 0x2028 || scalar.value == 0x2029 { return }
      text.append(simple[byte] ?? scalar)
    }
  }

  private mutating func unicodeEscape(
    into text: inout String.UnicodeScalarView, at start: SourcePosition
  ) {
    guard let code = hexadecimal(digits: 4) else { return }
    if let scalar = Unicode.Scalar(code) {
      text.append(scalar)
      return
    }
    // A surrogate: two escapes together make one scalar.
    if code < 0xDC00, scanner.peek == .ascii("\\"), scanner.next == .ascii("u") {
      scanner.advance()
      scanner.advance()
      guard let low = hexadecimal(digits: 4) else { return }
      let scalar = Unicode.Scalar(0x10000 + ((code - 0xD800) << 10) + low &- 0xDC00)
      if (0xDC00...0xDFFF).contains(low), let scalar {
        text.append(scalar)
        return
      }
    }
    fault("the escape is half of a surrogate pair", kind: .encoding, at: start)
    text.append("\u{FFFD}")
  }

  /// Reads so many hexadecimal digits; nil when they are not there, which has been reported.
  mutating func hexadecimal(digits: Int) -> UInt32? {
    var code: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = scanner.peek?.hexadecimalValue else {
        fault("\(digits) hexadecimal digits are expected")
        return nil
      }
      code = code << 4 | digit
      scanner.advance()
    }
    return code
  }
}
