/// A setting of a component, declared once: type, default, range and one sentence.
///
///     struct Hyperparameters: HyperparameterSet {
///       @Hyperparameter("Length of the latent vector z.", in: 1...4096)
///       var latentSize = 100
///     }
///
/// Checks, help, the JSON schema and the resolved experiment file all come from this line. The value is filled in
/// before the component is made and never changes afterwards, which is why a set may be sent to other threads.
@propertyWrapper
public struct Hyperparameter<Value: HyperparameterValue>: @unchecked Sendable {
  /// A box, so that the host can fill in a copy that reflection hands out.
  final class Storage {
    var value: Value
    init(_ value: Value) { self.value = value }
  }

  let storage: Storage
  let sentence: String
  let minimum: Double?
  let maximum: Double?
  let slot: ComponentKind?
  let check: (Value) -> HyperparameterProblem?

  /// The setting's value: the default until the host has read the experiment file.
  public var wrappedValue: Value { storage.value }

  /// Declares a setting without bounds.
  public init(wrappedValue: Value, _ sentence: String) {
    self.init(wrappedValue, sentence, nil, nil) { _ in nil }
  }

  /// Declares a number that must lie within `range`, bounds included.
  public init(wrappedValue: Value, _ sentence: String, in range: ClosedRange<Value>)
  where Value: BinaryInteger {
    self.init(wrappedValue, sentence, Double(range.lowerBound), Double(range.upperBound)) {
      range.contains($0) ? nil : .outside(found: "\($0)", range: "\(range)")
    }
  }

  /// Declares a number that must lie within `range`, bounds included.
  public init(wrappedValue: Value, _ sentence: String, in range: ClosedRange<Value>)
  where Value: BinaryFloatingPoint {
    self.init(wrappedValue, sentence, decimal(range.lowerBound), decimal(range.upperBound)) {
      range.contains($0) ? nil : outside($0, range)
    }
  }

  /// Declares a number that may be absent, within `range` where present.
  public init<Wrapped>(wrappedValue: Value, _ sentence: String, in range: ClosedRange<Wrapped>)
  where Value == Wrapped?, Wrapped: HyperparameterValue & BinaryInteger {
    self.init(wrappedValue, sentence, Double(range.lowerBound), Double(range.upperBound)) {
      guard let value = $0, !range.contains(value) else { return nil }
      return .outside(found: "\(value)", range: "\(range)")
    }
  }

  /// Declares a number that may be absent, within `range` where present.
  public init<Wrapped>(wrappedValue: Value, _ sentence: String, in range: ClosedRange<Wrapped>)
  where Value == Wrapped?, Wrapped: HyperparameterValue & BinaryFloatingPoint {
    self.init(wrappedValue, sentence, decimal(range.lowerBound), decimal(range.upperBound)) {
      guard let value = $0, !range.contains(value) else { return nil }
      return outside(value, range)
    }
  }

  /// Declares a list whose every number lies within `range`.
  public init<Element>(wrappedValue: Value, _ sentence: String, each range: ClosedRange<Element>)
  where Value == [Element], Element: HyperparameterValue & Comparable {
    self.init(wrappedValue, sentence, nil, nil) { values in
      values.first { !range.contains($0) }
        .map { .outside(found: "\($0)", range: "\(range)") }
    }
  }

  /// Declares a slot: a part of this component, chosen by name from any plugin.
  public init(wrappedValue: Value, _ sentence: String, slot kind: ComponentKind)
  where Value == ComponentReference {
    self.init(wrappedValue, sentence, nil, nil, slot: kind) { _ in nil }
  }

  /// Declares a slot that may stay empty.
  public init(wrappedValue: Value, _ sentence: String, slot kind: ComponentKind)
  where Value == ComponentReference? {
    self.init(wrappedValue, sentence, nil, nil, slot: kind) { _ in nil }
  }

  private init(
    _ value: Value, _ sentence: String, _ minimum: Double?, _ maximum: Double?,
    slot: ComponentKind? = nil, check: @escaping (Value) -> HyperparameterProblem?
  ) {
    self.storage = Storage(value)
    self.sentence = sentence
    self.minimum = minimum
    self.maximum = maximum
    self.slot = slot
    self.check = check
  }
}

/// What reflection looks for in a set; every `Hyperparameter` conforms.
protocol DeclaredHyperparameter {
  func description(named name: String) -> HyperparameterDescription
  func read(_ setting: Setting) throws
  var current: Setting { get }
  var defaultProblem: HyperparameterProblem? { get }
}

extension Hyperparameter: DeclaredHyperparameter {
  func description(named name: String) -> HyperparameterDescription {
    HyperparameterDescription(
      name: name, type: Value.typeName, defaultValue: storage.value.setting, minimum: minimum,
      maximum: maximum, choices: Value.choices, slot: slot, sentence: sentence)
  }

  func read(_ setting: Setting) throws {
    let value = try Value(setting: setting)
    if let problem = check(value) { throw problem }
    storage.value = value
  }

  var current: Setting { storage.value.setting }
  var defaultProblem: HyperparameterProblem? { check(storage.value) }
}

/// A bound as it is written in the source: 0.95, not the nearest `Float`'s 0.949999988.
private func decimal(_ bound: some BinaryFloatingPoint) -> Double {
  Double("\(bound)") ?? Double(bound)
}

/// The fault of a number outside its range, whole numbers without a point.
private func outside<Value: BinaryFloatingPoint>(
  _ value: Value, _ range: ClosedRange<Value>
) -> HyperparameterProblem {
  func words(_ number: Value) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
  return .outside(
    found: words(value), range: "\(words(range.lowerBound))...\(words(range.upperBound))")
}
