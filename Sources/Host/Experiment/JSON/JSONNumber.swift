import Foundation

/// The spellings of numbers in JSON and JSON5.
enum JSONNumber {
  /// What a spelling turned out to be.
  enum Reading {
    case number(Double)
    case malformed(String?)
  }

  /// Reads any JSON5 spelling; too large ones become infinite.
  static func read(_ text: String) -> Reading {
    let (sign, digits) = split(text)
    switch digits {
    case "Infinity": return .number(sign * .infinity)
    case "NaN": return .number(.nan)
    default: break
    }
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      let hexadecimal = digits.dropFirst(2).utf8.map(\.hexadecimalValue)
      guard !hexadecimal.isEmpty, hexadecimal.allSatisfy({ $0 != nil }) else {
        return .malformed("0x is followed by hexadecimal digits")
      }
      return .number(sign * hexadecimal.reduce(0) { $0 * 16 + Double($1 ?? 0) })
    }
    let parts = digits.split(
      maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 == "e" || $0 == "E" })
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard mantissa.count <= 2, mantissa.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) }),
      !mantissa.allSatisfy(\.isEmpty)
    else { return .malformed(nil) }
    if parts.count == 2 {
      let exponent = parts[1].drop { $0 == "+" || $0 == "-" }
      guard parts[1].count - exponent.count <= 1, !exponent.isEmpty,
        exponent.utf8.allSatisfy(\.isDigit)
      else { return .malformed("the exponent has no digits") }
    }
    guard mantissa[0].count == 1 || !mantissa[0].hasPrefix("0") else {
      return .malformed("it starts with 0")
    }
    let whole = mantissa[0].isEmpty ? "0" : String(mantissa[0])
    let fraction = mantissa.count == 2 && !mantissa[1].isEmpty ? ".\(mantissa[1])" : ""
    let exponent = parts.count == 2 ? "e\(parts[1])" : ""
    // strtod knows every length of mantissa and exponent.
    return .number(sign * strtod(whole + fraction + exponent, nil))
  }

  /// A spelling that RFC 8259 allows: hexadecimal to decimal, `.5` to `0.5`, `+1` to `1`.
  static func canonical(_ number: Double, text: String) -> String {
    if isStrict(text) { return text }
    if let whole = Int64(text) ?? hexadecimal(text, as: Int64.self) { return "\(whole)" }
    if let whole = UInt64(text) ?? hexadecimal(text, as: UInt64.self) { return "\(whole)" }
    return "\(number)"
  }

  /// True for spellings of RFC 8259.
  static func isStrict(_ text: String) -> Bool {
    guard !text.hasPrefix("+"), case .number = read(text) else { return false }
    let digits = text.drop { $0 == "-" }
    guard let first = digits.utf8.first, first.isDigit, let last = text.utf8.last, last.isDigit,
      !digits.hasPrefix("0x"), !digits.hasPrefix("0X")
    else { return false }
    return !text.contains(".e") && !text.contains(".E")
  }

  /// The value of a hexadecimal spelling, exactly; nil for other spellings and too large values.
  static func hexadecimal<Value: FixedWidthInteger>(_ text: String, as type: Value.Type) -> Value? {
    let unsigned = text.hasPrefix("+") || text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard unsigned.hasPrefix("0x") || unsigned.hasPrefix("0X") else { return nil }
    return Value((text.hasPrefix("-") ? "-" : "") + unsigned.dropFirst(2), radix: 16)
  }

  /// True for the spellings of infinity and not-a-number.
  static func spellsNonFinite(_ text: String) -> Bool {
    text.hasSuffix("Infinity") || text.hasSuffix("NaN")
  }

  /// True when a digit of the mantissa is not 0.
  static func hasSignificantDigit(_ text: String) -> Bool {
    let digits = split(text).digits
    guard !digits.hasPrefix("0x"), !digits.hasPrefix("0X") else { return false }
    return digits.prefix { $0 != "e" && $0 != "E" }.contains { ("1"..."9").contains($0) }
  }

  private static func split(_ text: String) -> (sign: Double, digits: Substring) {
    if text.hasPrefix("-") { return (-1, text.dropFirst()) }
    return (1, text.hasPrefix("+") ? text.dropFirst() : text[...])
  }
}
