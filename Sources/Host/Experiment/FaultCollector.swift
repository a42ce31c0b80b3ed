import PluginAPI

/// Reads objects of the experiment file and keeps every fault, so that one pass reports all.
final class FaultCollector {
  private(set) var faults: [Diagnostic] = []
  /// The tree that is read, for places of which only the path is known.
  var root: JSONValue?

  /// Notes a fault.
  func add(
    _ message: String, kind: Diagnostic.Kind = .meaning, at value: JSONValue?, _ path: JSONPath,
    suggestion: String? = nil
  ) {
    let position = (value ?? root?[path])?.position
    faults.append(
      Diagnostic(message, kind: kind, path: path, at: position, suggestion: suggestion))
  }

  /// Notes the faults of a component's settings.
  func add(_ diagnostics: Diagnostics) { faults += diagnostics.faults }

  /// Throws what was collected, if anything, in the order of the text.
  func throwIfAny() throws {
    if !faults.isEmpty { throw Diagnostics(sorting: faults) }
  }
}

/// One object of the file being read: each key is asked for once, the rest is unknown.
struct ObjectReader {
  let value: JSONValue
  let path: JSONPath
  let collector: FaultCollector
  private let known: [String]

  /// Starts to read an object with these keys; another type or other keys are faults.
  init?(_ value: JSONValue, _ path: JSONPath, keys: [String], _ collector: FaultCollector) {
    self.value = value
    self.path = path
    self.collector = collector
    self.known = keys
    guard let members = value.members else {
      collector.add(
        "found \(value.brief), expected an object with \(keys.joined(separator: ", "))",
        kind: .wrongType, at: value, path)
      return nil
    }
    for member in members where !keys.contains(member.key) {
      collector.add(
        "unknown key \"\(member.key)\"", kind: .unknownKey,
        at: JSONValue(.null, at: member.keyPosition), path.appending(member.key),
        suggestion: NearestName.suggestion(for: member.key, among: keys))
    }
  }

  /// The value of a key with its path, if present.
  func member(_ key: String) -> (value: JSONValue, path: JSONPath)? {
    precondition(known.contains(key), "[ObjectReader] \(key) is not declared")
    return value[key].map { ($0, path.appending(key)) }
  }

  /// The value of a key that must be there.
  func required(_ key: String) -> (value: JSONValue, path: JSONPath)? {
    if let member = member(key) { return member }
    let cures = [
      "dataset": "`workbench list dataset` shows what there is",
      "procedure": "\"essentials/discriminator-first\" is the usual one",
      "use": "every part names its component, such as \"essentials/adam\"",
    ]
    collector.add(
      "\"\(key)\" is missing", kind: .missingKey, at: value, path, suggestion: cures[key])
    return nil
  }

  /// A string.
  func string(_ key: String) -> String? {
    read(key, "a string") { $0.stringValue }
  }

  /// An integer of at least `minimum`.
  func integer(_ key: String, from minimum: Int) -> Int? {
    guard let (value, path) = member(key) else { return nil }
    guard let number = value.intValue else {
      collector.add(
        "found \(value.brief), expected a whole number", kind: .wrongType, at: value, path)
      return nil
    }
    guard number >= minimum else {
      collector.add(
        "found \(number), expected at least \(minimum)", kind: .outOfRange, at: value, path)
      return nil
    }
    return number
  }

  /// One of an enumeration's cases.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ type: Choice.Type
  ) -> Choice? {
    guard let (value, path) = member(key) else { return nil }
    let names = Choice.allCases.map(\.rawValue)
    guard let name = value.stringValue, let choice = Choice(rawValue: name) else {
      collector.add(
        "found \(value.brief), expected \(names.joined(separator: " or "))", kind: .outOfRange,
        at: value, path,
        suggestion: value.stringValue.flatMap { NearestName.suggestion(for: $0, among: names) })
      return nil
    }
    return choice
  }

  /// A list of strings, or one string.
  func strings(_ key: String) -> [String]? {
    read(key, "a string or a list of strings") { value in
      if let single = value.stringValue { return [single] }
      guard let values = value.arrayValue else { return nil }
      let strings = values.compactMap(\.stringValue)
      return strings.count == values.count ? strings : nil
    }
  }

  /// A length of training.
  func duration(_ key: String) -> TrainingDuration? {
    guard let (value, path) = member(key) else { return nil }
    do {
      return try TrainingDuration(setting: value.setting)
    } catch HyperparameterProblem.outside(let found, let range) {
      collector.add("\(found) is outside \(range)", kind: .outOfRange, at: value, path)
      return nil
    } catch {
      collector.add(
        "found \(value.brief), expected a duration such as { \"images\": 20000 }",
        kind: .wrongType, at: value, path, suggestion: "units are images, steps and epochs")
      return nil
    }
  }

  /// A finite number.
  func number(_ key: String) -> Float? {
    guard let number = read(key, "a number", { $0.doubleValue }) else { return nil }
    guard Float(number).isFinite else {
      collector.add(
        "\(number) is beyond what a Float can hold", kind: .outOfRange, at: value[key],
        path.appending(key))
      return nil
    }
    return Float(number)
  }

  private func read<Result>(
    _ key: String, _ expected: String, _ convert: (JSONValue) -> Result?
  ) -> Result? {
    guard let (value, path) = member(key) else { return nil }
    guard let result = convert(value) else {
      collector.add(
        "found \(value.brief), expected \(expected)", kind: .wrongType, at: value, path)
      return nil
    }
    return result
  }
}

extension JSONValue {
  /// The number, if a `Float` can hold it.
  var finiteFloat: Float? {
    guard let number = doubleValue, Float(number).isFinite else { return nil }
    return Float(number)
  }
}
