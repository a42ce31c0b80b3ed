/// A type that a hyperparameter may have.
///
/// `Int`, `Float`, `Bool`, `String`, arrays and optionals of these, ``ComponentReference`` and
/// ``TrainingDuration`` conform. An enumeration of choices conforms by declaring it:
/// `enum Norm: String, CaseIterable, HyperparameterValue { case batch, instance }`.
public protocol HyperparameterValue: Sendable {
  /// The type in words a user of the experiment file understands, such as `Int`.
  static var typeName: String { get }
  /// The accepted strings where the type is a choice.
  static var choices: [String]? { get }
  /// The kind of component this names where the type is a slot.
  static var isSlot: Bool { get }

  /// Reads the value from JSON.
  ///
  /// - Throws: ``HyperparameterProblem`` when the JSON has another type.
  init(setting: Setting) throws
  /// The value as JSON.
  var setting: Setting { get }
}

extension HyperparameterValue {
  /// Any value: not a choice.
  public static var choices: [String]? { nil }
  /// No slot.
  public static var isSlot: Bool { false }

  static func mismatch(_ found: Setting) -> HyperparameterProblem {
    .wrongType(expected: typeName, found: "\(found.typeName) \(found.text)")
  }
}

extension Int: HyperparameterValue {
  /// The type's own name.
  public static var typeName: String { "Int" }
  /// Reads a number without fraction.
  ///
  /// - Throws: ``HyperparameterProblem`` for anything else.
  public init(setting: Setting) throws {
    guard case .number(let value) = setting, let integer = Int(exactly: value) else {
      throw Self.mismatch(setting)
    }
    self = integer
  }
  /// The number as JSON.
  public var setting: Setting { .number(Double(self)) }
}

extension Float: HyperparameterValue {
  /// The type's own name.
  public static var typeName: String { "Float" }
  /// Reads a number that a `Float` can hold.
  ///
  /// - Throws: ``HyperparameterProblem`` for anything else.
  public init(setting: Setting) throws {
    guard case .number(let value) = setting, Float(value).isFinite else {
      throw Self.mismatch(setting)
    }
    self = Float(value)
  }
  /// The number as JSON.
  public var setting: Setting { .number(Double(self)) }
}

extension Bool: HyperparameterValue {
  /// The type's own name.
  public static var typeName: String { "Bool" }
  /// Reads `true` or `false`.
  ///
  /// - Throws: ``HyperparameterProblem`` for anything else.
  public init(setting: Setting) throws {
    guard case .bool(let value) = setting else { throw Self.mismatch(setting) }
    self = value
  }
  /// The Boolean as JSON.
  public var setting: Setting { .bool(self) }
}

extension String: HyperparameterValue {
  /// The type's own name.
  public static var typeName: String { "String" }
  /// Reads a string.
  ///
  /// - Throws: ``HyperparameterProblem`` for anything else.
  public init(setting: Setting) throws {
    guard case .string(let value) = setting else { throw Self.mismatch(setting) }
    self = value
  }
  /// The text as JSON.
  public var setting: Setting { .string(self) }
}

extension Array: HyperparameterValue where Element: HyperparameterValue {
  /// The elements' type in brackets.
  public static var typeName: String { "[\(Element.typeName)]" }
  /// Reads each element.
  ///
  /// - Throws: ``HyperparameterProblem`` for anything else.
  public init(setting: Setting) throws {
    guard case .array(let values) = setting else { throw Self.mismatch(setting) }
    self = try values.map { try Element(setting: $0) }
  }
  /// Each element as JSON.
  public var setting: Setting { .array(map(\.setting)) }
}

extension Optional: HyperparameterValue where Wrapped: HyperparameterValue {
  /// The wrapped type with a question mark.
  public static var typeName: String { "\(Wrapped.typeName)?" }
  /// The wrapped type's choices.
  public static var choices: [String]? { Wrapped.choices }
  /// Whether the wrapped type is a slot.
  public static var isSlot: Bool { Wrapped.isSlot }
  /// Reads `null` as absent, anything else as the wrapped type.
  ///
  /// - Throws: ``HyperparameterProblem`` for anything else.
  public init(setting: Setting) throws {
    self = setting == .null ? nil : try Wrapped(setting: setting)
  }
  /// `null` where absent.
  public var setting: Setting { self?.setting ?? .null }
}

extension HyperparameterValue where Self: RawRepresentable<String> & CaseIterable {
  /// The choices, separated by bars.
  public static var typeName: String { allCases.map(\.rawValue).joined(separator: " | ") }
  /// Every case's name.
  public static var choices: [String]? { allCases.map(\.rawValue) }
  /// Reads one of the choices.
  ///
  /// - Throws: ``HyperparameterProblem`` for anything else.
  public init(setting: Setting) throws {
    guard case .string(let value) = setting else { throw Self.mismatch(setting) }
    guard let choice = Self(rawValue: value) else {
      throw HyperparameterProblem.unknownChoice(found: value, known: Self.choices ?? [])
    }
    self = choice
  }
  /// The choice's name.
  public var setting: Setting { .string(rawValue) }
}
