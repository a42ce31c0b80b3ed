/// Reads JSON5, or strict JSON, and collects faults instead of stopping at the first.
///
/// After a fault the parser skips to the next comma or closing bracket of the same level and goes
/// on, so that a file with three mistakes gives three messages. Nothing in a text can crash it:
/// nesting is bounded, bytes that are not UTF-8 are reported and replaced, and numbers that no
/// Float64 holds are faults. Source of the grammar: spec.json5.org.
public struct JSONParser {
  /// The language a text is held to.
  public enum Dialect: Sendable {
    /// JSON with comments, trailing commas, single quotes, plain keys, hexadecimal numbers.
    case json5
    /// JSON as in RFC 8259, for files that programs write.
    case json
  }

  /// Brackets nested deeper than this are refused.
  public static let deepestNesting = 128
  /// Faults beyond this number are not collected; the parser stops.
  public static let mostFaults = 50

  let dialect: Dialect
  let allowsNonFinite: Bool
  var scanner: JSONScanner
  var path = JSONPath()
  var faults: [Diagnostic] = []
  var hasGivenUp = false

  private init(_ source: SourceText, dialect: Dialect, allowsNonFinite: Bool) {
    self.dialect = dialect
    self.allowsNonFinite = allowsNonFinite
    scanner = JSONScanner(source)
  }

  /// Reads one value that fills the whole text.
  ///
  /// - Parameters:
  ///   - source: the text.
  ///   - dialect: the language it is held to.
  ///   - allowsNonFinite: whether `Infinity` and `NaN` are numbers; otherwise they are faults.
  /// - Returns: as much of the tree as could be read (nil where there is none) and all faults. A
  ///   tree that comes with faults is fit for collecting more of them, not for use.
  public static func parse(
    _ source: SourceText, dialect: Dialect = .json5, allowsNonFinite: Bool = false
  ) -> (value: JSONValue?, faults: [Diagnostic]) {
    var parser = JSONParser(source, dialect: dialect, allowsNonFinite: allowsNonFinite)
    let value = parser.document()
    return (value, parser.faults)
  }

  private mutating func document() -> JSONValue? {
    reportEncoding()
    skipSpace()
    guard !scanner.isAtEnd else {
      fault("the text is empty; a value is expected")
      return nil
    }
    let value = value(depth: 0)
    skipSpace()
    if !scanner.isAtEnd && faults.isEmpty {
      fault("more text follows after the end of the value")
    }
    return value
  }

  private mutating func reportEncoding() {
    guard let found = scanner.source.encodingFault else { return }
    var walker = JSONScanner(scanner.source)
    // Everything before the fault is unchanged, so offsets agree up to it.
    while walker.index < found.offset && !walker.isAtEnd { walker.advance() }
    fault(found.message, kind: .encoding, at: walker.position)
    if found.offset == 0 { giveUp() }
  }

  /// Reads the value under the scanner; nil when there is none, which has then been reported.
  mutating func value(depth: Int) -> JSONValue? {
    let position = scanner.position
    guard depth < JSONParser.deepestNesting else {
      fault("brackets are nested deeper than \(JSONParser.deepestNesting)", kind: .depth)
      giveUp()
      return nil
    }
    guard let byte = scanner.peek else {
      fault("the text ends where a value is expected")
      giveUp()
      return nil
    }
    switch byte {
    case .ascii("{"): return JSONValue(object(depth: depth), at: position)
    case .ascii("["): return JSONValue(array(depth: depth), at: position)
    case .ascii("\""), .ascii("'"):
      return string().map { JSONValue(.string($0), at: position) }
    default:
      return word().map { JSONValue($0, at: position) }
    }
  }

  // MARK: - Space between tokens

  /// Skips white space and comments.
  mutating func skipSpace() {
    while let byte = scanner.peek {
      if byte == .ascii("/"), scanner.next == .ascii("/") || scanner.next == .ascii("*") {
        skipComment()
      } else if let scalar = scanner.scalar, scalar.isJSONSpace {
        if dialect == .json, ![0x20, 0x09, 0x0A, 0x0D].contains(scalar.value) {
          fault("this kind of white space is not allowed here")
        }
        scanner.advance()
      } else {
        return
      }
    }
  }

  private mutating func skipComment() {
    let start = scanner.position
    if dialect == .json { fault("comments are not allowed in this file", at: start) }
    let isBlock = scanner.next == .ascii("*")
    scanner.advance()
    scanner.advance()
    guard isBlock else {
      while let byte = scanner.peek, byte != 0x0A, byte != 0x0D { scanner.advance() }
      return
    }
    while let byte = scanner.peek {
      if byte == .ascii("*"), scanner.next == .ascii("/") {
        scanner.advance()
        scanner.advance()
        return
      }
      scanner.advance()
    }
    fault("the comment is not closed with */", kind: .structure, at: start)
    giveUp()
  }

  // MARK: - Faults

  /// Reports a fault at the scanner or a given place.
  mutating func fault(
    _ message: String, kind: Diagnostic.Kind = .syntax, at position: SourcePosition? = nil,
    suggestion: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    guard !hasGivenUp else { return }
    faults.append(
      Diagnostic(
        message, kind: kind, path: path, at: position ?? scanner.position, suggestion: suggestion,
        notes: notes))
    if faults.count >= JSONParser.mostFaults {
      let place = scanner.position
      faults.append(Diagnostic("further faults are not listed", kind: .syntax, at: place))
      giveUp()
    }
  }

  /// Ends the reading; what is left would only give faults that follow from the last one.
  mutating func giveUp() {
    hasGivenUp = true
    scanner.advanceToEnd()
  }

  /// Skips to the next comma or closing bracket of this level, over strings and inner brackets.
  mutating func recover() {
    var depth = 0
    while let byte = scanner.peek {
      switch byte {
      case .ascii("{"), .ascii("["): depth += 1
      case .ascii("}"), .ascii("]"):
        if depth == 0 { return }
        depth -= 1
      case .ascii(",") where depth == 0: return
      case .ascii("\""), .ascii("'"):
        skipString()
        continue
      case .ascii("/") where scanner.next == .ascii("/") || scanner.next == .ascii("*"):
        skipSpace()
        continue
      default: break
      }
      scanner.advance()
    }
  }
}
