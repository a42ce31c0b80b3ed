/// What can be wrong with one setting; the host adds file, line and column.
public enum HyperparameterProblem: Error, Hashable, Sendable {
  /// A key that no property has; `known` lists those there are.
  case unknownName(known: [String])
  /// A string that is none of the choices.
  case unknownChoice(found: String, known: [String])
  /// JSON of another type.
  case wrongType(expected: String, found: String)
  /// A number outside its range.
  case outside(found: String, range: String)
  /// Settings that cannot hold together, in a sentence.
  case contradiction(String)
}

/// A fault of one setting. `name` is empty where it concerns the whole set.
public struct HyperparameterError: Error, Hashable, Sendable {
  /// The setting's key in the `with` object.
  public let name: String
  /// What is wrong.
  public let problem: HyperparameterProblem
}

/// All faults of one `with` object, found in one pass.
public struct HyperparameterErrors: Error, Sendable {
  /// The faults, unknown names first, then in the order of declaration.
  public let errors: [HyperparameterError]

  init(_ errors: [HyperparameterError]) { self.errors = errors }
}

/// A component cannot be built as asked: settings that contradict each other or the data.
///
/// The message is one sentence with what was found and what would do.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  /// The sentence.
  public let message: String
  /// Creates the error.
  public init(_ message: String) { self.message = message }
  /// The message itself.
  public var description: String { message }
}
