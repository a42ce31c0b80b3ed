/// A plain JSON value: what an experiment file says, without positions.
public indirect enum Setting: Hashable, Sendable {
  /// No value.
  case null
  /// A Boolean.
  case bool(Bool)
  /// A number.
  case number(Double)
  /// A text.
  case string(String)
  /// Values in order.
  case array([Setting])
  /// Values by key.
  case object([String: Setting])

  /// The value's JSON type in words, for messages.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "a Boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The value of a key, or `nil` when absent or when this is no object.
  public subscript(key: String) -> Setting? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// Compact JSON text with sorted keys.
  public var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let value): Setting.text(of: value)
    case .string(let value): Setting.quoted(value)
    case .array(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }
        .map { "\(Setting.quoted($0.key)): \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }

  private static func text(of value: Double) -> String {
    if let integer = Int(exactly: value) { return String(integer) }
    // A `Float` setting prints as its author wrote it: 0.0002, not 0.00019999999494757503.
    let single = Float(value)
    return Double(single) == value ? "\(single)" : "\(value)"
  }

  private static func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension Setting: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// Creates a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Creates a number.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// Creates a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Creates a Boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Creates an array.
  public init(arrayLiteral elements: Setting...) { self = .array(elements) }
  /// Creates an object; of a repeated key the last value stays.
  public init(dictionaryLiteral elements: (String, Setting)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}
