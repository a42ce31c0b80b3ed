/// A JSON value that knows where it was written.
///
/// Experiments are read into this tree first and checked against the components' declarations
/// afterwards, so that every fault is found in one pass and each message can name line and column.
/// Objects keep the order of their source. Equality looks at contents, never at places.
///
///     let value = try JSONValue(parsing: "{ seed: 1, losses: [] }", named: "workbench.json")
///     value["seed"]?.intValue        // 1
///     value["seed"]?.position        // workbench.json:1:9
public struct JSONValue: Sendable {
  /// What the value is.
  public enum Kind: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number and the spelling it was read from, which holds integers exactly.
    case number(Double, text: String)
    /// Text, escapes resolved.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Members in the order of the source.
    case object([Member])
  }

  /// One entry of an object.
  public struct Member: Sendable {
    /// The key, escapes resolved.
    public var key: String
    /// Where the key was written; nil for members that no text contains.
    public var keyPosition: SourcePosition?
    /// The value.
    public var value: JSONValue

    /// Pairs a key with a value.
    public init(_ key: String, _ value: JSONValue, keyPosition: SourcePosition? = nil) {
      self.key = key
      self.keyPosition = keyPosition
      self.value = value
    }
  }

  /// What the value is.
  public var kind: Kind
  /// Where it was written; nil for values that no text contains.
  public var position: SourcePosition?

  /// Makes a value.
  public init(_ kind: Kind, at position: SourcePosition? = nil) {
    self.kind = kind
    self.position = position
  }
}

// MARK: - Looking into a value

extension JSONValue {
  /// True for `null`.
  public var isNull: Bool {
    if case .null = kind { true } else { false }
  }

  /// The Boolean; nil for any other type.
  public var boolValue: Bool? {
    if case .bool(let value) = kind { value } else { nil }
  }

  /// The number; nil for any other type.
  public var doubleValue: Double? {
    if case .number(let value, _) = kind { value } else { nil }
  }

  /// The text; nil for any other type.
  public var stringValue: String? {
    if case .string(let value) = kind { value } else { nil }
  }

  /// The values of an array; nil for any other type.
  public var arrayValue: [JSONValue]? {
    if case .array(let values) = kind { values } else { nil }
  }

  /// The members of an object; nil for any other type.
  public var members: [Member]? {
    if case .object(let members) = kind { members } else { nil }
  }

  /// The keys of an object, in order; empty for any other type.
  public var keys: [String] { members?.map(\.key) ?? [] }

  /// The number when it is whole and fits, exactly as spelt; nil otherwise.
  public func integer<Value: FixedWidthInteger>(_ type: Value.Type = Int.self) -> Value? {
    guard case .number(let number, let text) = kind else { return nil }
    return Value(text) ?? JSONNumber.hexadecimal(text, as: type) ?? Value(exactly: number)
  }

  /// The number as an `Int`, when it is whole and fits.
  public var intValue: Int? { integer() }

  /// The member with this key; nil when there is none or this is no object.
  public subscript(key: String) -> JSONValue? {
    members?.first { $0.key == key }?.value
  }

  /// The element at this index; nil outside of the array.
  public subscript(index: Int) -> JSONValue? {
    guard let values = arrayValue, values.indices.contains(index) else { return nil }
    return values[index]
  }

  /// The value at the end of a path; nil where the path leads nowhere.
  ///
  /// An index also finds the member of an object whose key has those digits.
  public subscript(path: JSONPath) -> JSONValue? {
    path.steps.reduce(Optional(self)) { value, step in
      switch step {
      case .key(let key): value?[key]
      case .index(let index): value?[index] ?? value?[String(index)]
      }
    }
  }

  /// The type with its article, as messages say it: `an object`.
  public var typeName: String {
    switch kind {
    case .null: "null"
    case .bool: "a Boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The value in a few words, as messages quote it: `"hinge"`, `12`, `an array of 3`.
  public var brief: String {
    switch kind {
    case .array(let values): return "an array of \(values.count)"
    case .object(let members):
      return members.isEmpty ? "an empty object" : "an object with \(keys.joined(separator: ", "))"
    default:
      let text = text(style: .line)
      return text.count <= 60 ? text : "\(text.prefix(57))…"
    }
  }
}

// MARK: - Values made in code

extension JSONValue {
  /// A string.
  public init(_ value: String) { self.init(.string(value)) }
  /// A whole number, exactly.
  public init(_ value: some FixedWidthInteger) {
    self.init(.number(Double(value), text: "\(value)"))
  }
  /// A number; one that is not finite is written as a string.
  public init(_ value: Double) { self.init(.number(value, text: "\(value)")) }
  /// A number with the digits that a `Float` needs.
  public init(_ value: Float) { self.init(.number(Double(value), text: "\(value)")) }
  /// A Boolean.
  public init(_ value: Bool) { self.init(.bool(value)) }
  /// An array.
  public init(_ values: [JSONValue]) { self.init(.array(values)) }
  /// An object whose keys are sorted.
  public init(_ values: [String: JSONValue]) {
    let sorted = values.sorted { $0.key < $1.key }
    self.init(.object(sorted.map { Member($0.key, $0.value) }))
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self.init(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self.init(value) }
  /// A number.
  public init(floatLiteral value: Double) { self.init(value) }
  /// A Boolean.
  public init(booleanLiteral value: Bool) { self.init(value) }
  /// `null`.
  public init(nilLiteral: ()) { self.init(.null) }
  /// An array.
  public init(arrayLiteral values: JSONValue...) { self.init(values) }
  /// An object that keeps the order of the literal.
  public init(dictionaryLiteral members: (String, JSONValue)...) {
    self.init(.object(members.map { Member($0.0, $0.1) }))
  }
}

extension JSONValue: Equatable {
  /// Compares contents; numbers by value, objects regardless of the order of their keys.
  public static func == (first: JSONValue, second: JSONValue) -> Bool {
    switch (first.kind, second.kind) {
    case (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.string(let a), .string(let b)): return a == b
    case (.array(let a), .array(let b)): return a == b
    case (.number(let a, let aText), .number(let b, let bText)):
      return a == b && (first.integer(UInt64.self) == second.integer(UInt64.self) || aText == bText)
    case (.object(let a), .object(let b)):
      return a.count == b.count && a.allSatisfy { $0.value == second[$0.key] }
    default: return false
    }
  }
}
