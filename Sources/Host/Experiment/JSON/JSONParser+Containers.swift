extension JSONParser {
  /// Reads an object whose brace is under the scanner.
  mutating func object(depth: Int) -> JSONValue.Kind {
    let open = scanner.position
    scanner.advance()
    var members: [JSONValue.Member] = []
    var places: [String: SourcePosition] = [:]
    while mustGoOn(in: "object", opened: open, closing: "}") {
      let start = scanner.index
      let faultsBefore = faults.count
      if let member = member(depth: depth) {
        if let first = places[member.key] {
          reportDuplicate(member, first: first)
        } else {
          places[member.key] = member.keyPosition
        }
        members.append(member)
      }
      separator(closing: "}", hadFault: faults.count > faultsBefore, start: start)
    }
    return .object(members)
  }

  /// Reads an array whose bracket is under the scanner.
  mutating func array(depth: Int) -> JSONValue.Kind {
    let open = scanner.position
    scanner.advance()
    var values: [JSONValue] = []
    while mustGoOn(in: "array", opened: open, closing: "]") {
      let start = scanner.index
      let faultsBefore = faults.count
      path.steps.append(.index(values.count))
      if let value = value(depth: depth + 1) { values.append(value) } else { recover() }
      path.steps.removeLast()
      separator(closing: "]", hadFault: faults.count > faultsBefore, start: start)
    }
    return .array(values)
  }

  /// True when another entry starts here; consumes the closing bracket otherwise.
  private mutating func mustGoOn(
    in container: String, opened open: SourcePosition, closing: Unicode.Scalar
  ) -> Bool {
    while true {
      skipSpace()
      guard let byte = scanner.peek else {
        fault("the \(container) is not closed with \(closing)", kind: .structure, at: open)
        giveUp()
        return false
      }
      switch byte {
      case .ascii(closing):
        scanner.advance()
        return false
      case .ascii("}"), .ascii("]"):
        let note = Diagnostic.Note("the \(container) starts here", at: open)
        let found = Unicode.Scalar(byte)
        fault(
          "\(found) does not close the \(container); \(closing) is expected", kind: .structure,
          notes: [note])
        scanner.advance()
        return false
      case .ascii(","):
        fault("nothing stands before this comma")
        scanner.advance()
      default: return true
      }
    }
  }

  private mutating func member(depth: Int) -> JSONValue.Member? {
    let position = scanner.position
    guard let key = key() else {
      recover()
      return nil
    }
    path.steps.append(.key(key))
    defer { path.steps.removeLast() }
    skipSpace()
    if scanner.peek == .ascii(":") {
      scanner.advance()
      skipSpace()
    } else {
      fault("a colon is missing after the key")
      if scanner.peek == .ascii("=") { scanner.advance() }
      skipSpace()
    }
    if let byte = scanner.peek, [.ascii(","), .ascii("}"), .ascii("]")].contains(byte) {
      fault("the value of this key is missing", at: position)
      return nil
    }
    guard let value = value(depth: depth + 1) else {
      recover()
      return nil
    }
    return JSONValue.Member(key, value, keyPosition: position)
  }

  /// Consumes the comma after an entry, or reports that it is missing.
  private mutating func separator(closing: Unicode.Scalar, hadFault: Bool, start: Int) {
    skipSpace()
    if scanner.peek == .ascii(",") {
      let comma = scanner.position
      scanner.advance()
      skipSpace()
      if dialect == .json, scanner.peek == .ascii(closing) {
        fault("a trailing comma is not allowed in this file", at: comma)
      }
      return
    }
    guard let byte = scanner.peek, byte != .ascii("}"), byte != .ascii("]") else { return }
    if !hadFault { fault("a comma is missing before this") }
    if scanner.index == start { scanner.advance() }
  }

  private mutating func reportDuplicate(_ member: JSONValue.Member, first: SourcePosition) {
    path.steps.append(.key(member.key))
    fault(
      "the key occurs a second time", kind: .duplicateKey, at: member.keyPosition,
      suggestion: "remove one of the two",
      notes: [Diagnostic.Note("the first is here", at: first)])
    path.steps.removeLast()
  }
}
