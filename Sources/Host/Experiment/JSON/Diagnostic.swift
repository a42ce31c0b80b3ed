/// One fault of an input text: where it is, what is wrong, and what would repair it.
public struct Diagnostic: Error, Sendable {
  /// What sort of fault it is, for code that treats some of them differently.
  public enum Kind: Sendable, Hashable {
    /// The text is not of the language.
    case syntax
    /// Brackets or comments that are not closed, so that what follows may belong elsewhere.
    case structure
    /// The bytes are not UTF-8.
    case encoding
    /// A key occurs twice in one object.
    case duplicateKey
    /// A number that no Float64 holds, or one that is not finite.
    case number
    /// Brackets nested too deep.
    case depth
    /// A path that leads nowhere.
    case path
    /// A key that nobody reads.
    case unknownKey
    /// A key that must be there and is not.
    case missingKey
    /// A value of another type than expected.
    case wrongType
    /// A value of the right type that is not allowed.
    case outOfRange
    /// The id of a component or procedure that no plugin offers.
    case unknownID
    /// A fault of meaning: parts that do not fit.
    case meaning

    /// True for faults that say something whatever else is wrong with a file.
    var isCertain: Bool {
      [.unknownKey, .wrongType, .outOfRange, .unknownID].contains(self)
    }
  }

  /// A second place that belongs to the fault, and what is there.
  public struct Note: Sendable {
    /// The place.
    public let position: SourcePosition
    /// What is there.
    public let message: String

    /// Says what is at a place.
    public init(_ message: String, at position: SourcePosition) {
      self.position = position
      self.message = message
    }
  }

  /// What sort of fault it is.
  public var kind: Kind
  /// The value it speaks of.
  public var path: JSONPath
  /// Its place in the text; nil for values that no text contains.
  public var position: SourcePosition?
  /// What is wrong, in words.
  public var message: String
  /// What would repair it.
  public var suggestion: String?
  /// Other places that belong to it.
  public var notes: [Note]

  /// Describes a fault.
  public init(
    _ message: String, kind: Kind = .meaning, path: JSONPath = JSONPath(),
    at position: SourcePosition? = nil, suggestion: String? = nil, notes: [Note] = []
  ) {
    self.kind = kind
    self.path = path
    self.position = position
    self.message = message
    self.suggestion = suggestion
    self.notes = notes
  }
}

extension Diagnostic: CustomStringConvertible {
  /// Message and suggestion after their path, without the place.
  public var sentence: String {
    let start = path.isEmpty ? message : "\(path): \(message)"
    return suggestion.map { "\(start); \($0)" } ?? start
  }

  /// `file:line:column: path: message; suggestion`, in one line.
  var located: String { position.map { "\($0): \(sentence)" } ?? sentence }

  /// `file:line:column: path: message; suggestion`, then the line with a caret, then the notes.
  public var description: String {
    guard let position else { return sentence }
    var text = "\(position): \(sentence)\n\(position.excerpt)"
    for note in notes {
      text += "\n\(note.position): \(note.message)\n\(note.position.excerpt)"
    }
    return text
  }
}

/// All faults found in one pass, in the order of the text.
public struct Diagnostics: Error, Sendable, CustomStringConvertible {
  /// The faults.
  public var faults: [Diagnostic]

  /// Gathers faults.
  public init(_ faults: [Diagnostic] = []) { self.faults = faults }

  /// Gathers faults in the order of their texts; those without a place come last.
  init(sorting faults: [Diagnostic]) {
    self.faults = faults.enumerated().sorted {
      guard let a = $0.element.position, let b = $1.element.position else {
        let (hasPlace, otherHas) = ($0.element.position != nil, $1.element.position != nil)
        return hasPlace == otherHas ? $0.offset < $1.offset : hasPlace
      }
      let (place, other) = ((a.source.name, a.line, a.column), (b.source.name, b.line, b.column))
      return place == other ? $0.offset < $1.offset : place < other
    }.map(\.element)
  }

  /// True when nothing is wrong.
  public var isEmpty: Bool { faults.isEmpty }

  /// Every fault with its excerpt, and their number when there are several.
  public var description: String {
    let count = faults.count > 1 ? ["\(faults.count) faults"] : []
    return (faults.map(\.description) + count).joined(separator: "\n")
  }
}
