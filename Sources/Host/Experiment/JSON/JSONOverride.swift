/// One `--set path=value` argument: an edit of a tree.
///
/// The value is JSON5; text that is not, such as `essentials/hinge`, is taken as a string unless it
/// starts like an object, an array or a quoted string.
///
///     try JSONOverride(parsing: "losses.1.weight=5").apply(to: &tree)
///     try JSONOverride(parsing: "losses.+={ use: 'essentials/l1' }").apply(to: &tree)   // appends
public struct JSONOverride: Sendable {
  /// Where the value goes.
  public let path: JSONPath
  /// True when the path ended in `+`: the value is appended to the array at `path`.
  public let appends: Bool
  /// What goes there; its position is in the argument.
  public let value: JSONValue
  let source: SourceText

  /// Reads an argument of an option.
  ///
  /// - Throws: `Diagnostics` when `=` is missing, the path is misspelt, or the value starts like
  ///   an object, an array or a string and is none.
  public init(parsing argument: String, option: String = "--set") throws(Diagnostics) {
    let source = SourceText(argument, name: "\(option) \(argument)")
    let start = SourcePosition(source: source, line: 1, column: 1)
    guard let equals = JSONOverride.equalsSign(in: argument) else {
      throw Diagnostics([
        Diagnostic(
          option == "--set"
            ? "an override is written path=value, for instance losses.1.weight=5"
            : "a setting is written name=value", kind: .path, at: start)
      ])
    }
    var name = String(argument[..<equals])
    appends = name.hasSuffix(".+") || name == "+"
    if appends { name.removeLast(name == "+" ? 1 : 2) }
    do {
      path = try JSONPath(parsing: name)
    } catch {
      var fault = error
      fault.position = start
      throw Diagnostics([fault])
    }
    self.source = source
    let column = argument.unicodeScalars.distance(from: argument.startIndex, to: equals) + 2
    let text = argument[argument.index(after: equals)...]
    value = try JSONOverride.value(
      String(text), at: SourcePosition(source: source, line: 1, column: column))
  }

  /// The first `=` outside of brackets, whose quoted keys may contain one.
  private static func equalsSign(in argument: String) -> String.Index? {
    var isInBracket = false
    for index in argument.indices {
      switch argument[index] {
      case "[": isInBracket = true
      case "]": isInBracket = false
      case "=" where !isInBracket: return index
      default: break
      }
    }
    return nil
  }

  private static func value(
    _ text: String, at position: SourcePosition
  ) throws(Diagnostics) -> JSONValue {
    let trimmed = text.drop { $0.isWhitespace }
    guard !trimmed.isEmpty else {
      throw Diagnostics([
        Diagnostic(
          "no value follows the equals sign", kind: .syntax, at: position,
          suggestion: "the empty string is written ''")
      ])
    }
    let result = JSONParser.parse(SourceText(text, name: position.source.name))
    var (value, faults) = (result.value, result.faults)
    if value == nil || !faults.isEmpty {
      let isMeantAsJSON = ["{", "[", "\"", "'"].contains(trimmed.first)
      guard isMeantAsJSON || !faults.allSatisfy({ [.syntax, .structure].contains($0.kind) }) else {
        return JSONValue(.string(text), at: position)
      }
      for index in faults.indices {
        faults[index].position = faults[index].position.map { moved($0, to: position) }
      }
      throw Diagnostics(faults)
    }
    value?.place { moved($0, to: position) }
    return value ?? JSONValue(.null)
  }

  /// A place in the value's text as a place in the whole argument.
  private static func moved(_ place: SourcePosition, to start: SourcePosition) -> SourcePosition {
    let column = place.line == 1 ? place.column + start.column - 1 : place.column
    return SourcePosition(source: start.source, line: place.line, column: column)
  }
}

extension JSONValue {
  /// Changes the place of this value and of all in it.
  fileprivate mutating func place(_ change: (SourcePosition) -> SourcePosition) {
    position = position.map(change)
    switch kind {
    case .array(var values):
      for index in values.indices { values[index].place(change) }
      kind = .array(values)
    case .object(var members):
      for index in members.indices {
        members[index].keyPosition = members[index].keyPosition.map(change)
        members[index].value.place(change)
      }
      kind = .object(members)
    default: break
    }
  }
}
