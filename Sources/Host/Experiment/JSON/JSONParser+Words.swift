// Keys, the named values and numbers.
extension JSONParser {
  /// Reads a key, quoted or plain; nil when there is none, which has then been reported.
  mutating func key() -> String? {
    guard let byte = scanner.peek, let first = scanner.scalar else { return nil }
    if byte == .ascii("\"") || byte == .ascii("'") { return string() }
    guard first.startsIdentifier || byte == .ascii("\\") else {
      let run = run()
      if run.isEmpty {
        fault("a key is expected")
      } else {
        fault("\(run) is not a key", suggestion: "write it in quotes")
      }
      return nil
    }
    let position = scanner.position
    var name = ""
    while let scalar = scanner.scalar, scalar.continuesIdentifier || scalar == "\\" {
      if scalar == "\\" {
        guard let escaped = escapedIdentifierScalar() else { return nil }
        name.unicodeScalars.append(escaped)
      } else {
        name.unicodeScalars.append(scalar)
        scanner.advance()
      }
    }
    if dialect == .json { fault("keys stand in double quotes in this file", at: position) }
    if scanner.peek == .ascii("-") || scanner.peek == .ascii("/") || scanner.peek == .ascii(".") {
      name += consumeRun()
      fault("\(name) is not a plain key", at: position, suggestion: "write it in quotes")
    }
    return name
  }

  private mutating func escapedIdentifierScalar() -> Unicode.Scalar? {
    scanner.advance()
    guard scanner.peek == .ascii("u") else {
      fault("only \\u escapes are allowed in plain keys")
      return nil
    }
    scanner.advance()
    guard let code = hexadecimal(digits: 4) else { return nil }
    guard let scalar = Unicode.Scalar(code), scalar.continuesIdentifier else {
      fault("the escape does not name a letter")
      return nil
    }
    return scalar
  }

  /// Reads a number, true, false, null, Infinity or NaN.
  mutating func word() -> JSONValue.Kind? {
    let position = scanner.position
    let text = consumeRun()
    guard !text.isEmpty else {
      let found = scanner.scalar.map(String.init) ?? "the end"
      fault("a value is expected, found \(found)")
      return nil
    }
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default: break
    }
    if let first = text.utf8.first, first.isDigit || "+-.".utf8.contains(first) {
      return number(text, at: position)
    }
    if text == "Infinity" || text == "NaN" { return number(text, at: position) }
    let literal = ["true": "true", "false": "false", "none": "null", "nil": "null", "null": "null"]
    let suggestion = literal[text.lowercased()].map { "write \($0)" } ?? "strings stand in quotes"
    fault("\(text) is not a value", at: position, suggestion: suggestion)
    return nil
  }

  private mutating func number(_ text: String, at position: SourcePosition) -> JSONValue.Kind? {
    let number: Double
    switch JSONNumber.read(text) {
    case .malformed(let reason):
      fault("\(text) is not a number\(reason.map { ": \($0)" } ?? "")", at: position)
      return nil
    case .number(let value): number = value
    }
    if dialect == .json, !JSONNumber.isStrict(text) {
      fault("\(text) is not a number as this file may contain it", at: position)
    } else if !number.isFinite, !JSONNumber.spellsNonFinite(text) {
      fault("\(text) is larger than any Float64", kind: .number, at: position)
    } else if !number.isFinite, !allowsNonFinite {
      fault("\(text) is not allowed here; numbers are finite", kind: .number, at: position)
    } else if number == 0, JSONNumber.hasSignificantDigit(text) {
      fault("\(text) is nearer to 0 than any Float64", kind: .number, at: position)
    }
    return .number(number, text: text)
  }

  /// The characters from here that could belong to one number or word, without consuming them.
  private func run() -> String {
    var walker = self
    return walker.consumeRun()
  }

  private mutating func consumeRun() -> String {
    let start = scanner.index
    while let scalar = scanner.scalar {
      if let byte = scanner.peek, byte == .ascii("/") {
        guard scanner.next != .ascii("/"), scanner.next != .ascii("*") else { break }
      } else {
        guard scalar.continuesIdentifier || "+-.".unicodeScalars.contains(scalar) else { break }
      }
      scanner.advance()
    }
    return scanner.text(from: start, to: scanner.index)
  }
}
