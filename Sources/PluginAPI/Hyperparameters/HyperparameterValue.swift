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
  public static var choices: [String]? { nil }
  public static var isSlot: Bool { false }

  static func mismatch(_ found: Setting) -> HyperparameterProblem {
    .wrongType(expected: typeName, found: "\(found.typeName) \(found.text)")
  }
}

extension Int: HyperparameterValue {
  public static var typeName: String { "Int" }
  public init(setting: Setting) throws {
    guard case .number(let value) = setting, let integer = Int(exactly: value) else {
      throw Self.mismatch(setting)
    }
    self = integer
  }
  public var setting: Setting { .number(Double(self)) }
}

extension Float: HyperparameterValue {
  public static var typeName: String { "Float" }
  public init(setting: Setting) throws {
    guard case .number(let value) = setting, Float(value).isFinite else {
      throw Self.mismatch(setting)
    }
    self = Float(value)
  }
  public var setting: Setting { .number(Double(self)) }
}

extension Bool: HyperparameterValue {
  public static var typeName: String { "Bool" }
  public init(setting: Setting) throws {
    guard case .bool(let value) = setting else { throw Self.mismatch(setting) }
    self = value
  }
  public var setting: Setting { .bool(self) }
}

extension String: HyperparameterValue {
  public static var typeName: String { "String" }
  public init(setting: Setting) throws {
    guard case .string(let value) = setting else { throw Self.mismatch(setting) }
    self = value
  }
  public var setting: Setting { .string(self) }
}

extension Array: HyperparameterValue where Element: HyperparameterValue {
  public static var typeName: String { "[\(Element.typeName)]" }
  public init(setting: Setting) throws {
    guard case .array(let values) = setting else { throw Self.mismatch(setting) }
    self = try values.map { try Element(setting: $0) }
  }
  public var setting: Setting { .array(map(\.setting)) }
}

extension Optional: HyperparameterValue where Wrapped: HyperparameterValue {
  public static var typeName: String { "\(Wrapped.typeName)?" }
  public static var choices: [String]? { Wrapped.choices }
  public static var isSlot: Bool { Wrapped.isSlot }
  public init(setting: Setting) throws {
    self = setting == .null ? nil : try Wrapped(setting: setting)
  }
  public var setting: Setting { self?.setting ?? .null }
}

extension HyperparameterValue where Self: RawRepresentable<String> & CaseIterable {
  public static var typeName: String { allCases.map(\.rawValue).joined(separator: " | ") }
  public static var choices: [String]? { allCases.map(\.rawValue) }
  public init(setting: Setting) throws {
    guard case .string(let value) = setting else { throw Self.mismatch(setting) }
    guard let choice = Self(rawValue: value) else {
      throw HyperparameterProblem.unknownChoice(found: value, known: Self.choices ?? [])
    }
    self = choice
  }
  public var setting: Setting { .string(rawValue) }
}
