/// Reads the members of one object, collects every fault, and reports keys that nobody read.
///
///     var faults = Diagnostics()
///     var reader = JSONObjectReader(tree, path: "training")
///     let batchSize = reader.integer("batchSize", in: 1...4096, default: 8)
///     reader.finish(into: &faults)
///
/// A getter returns its default after a fault, so that reading can go on; what was read is only fit
/// for use when no fault was collected.
public struct JSONObjectReader {
  /// The object.
  public let value: JSONValue
  /// Its path, which starts the path of every fault.
  public let path: JSONPath
  /// What was found wrong so far.
  public private(set) var faults: [Diagnostic] = []
  private var known: [String] = []

  /// Reads a value that must be an object; any other type is a fault.
  public init(_ value: JSONValue, path: JSONPath = JSONPath()) {
    self.value = value
    self.path = path
    if value.members == nil {
      add(.wrongType, "\(value.brief) is \(value.typeName); an object is expected", at: value)
    }
  }

  /// The member with this key, if any; the key counts as read, and `null` as absent.
  public mutating func optional(_ key: String) -> JSONValue? {
    known.append(key)
    guard let found = value[key], !found.isNull else { return nil }
    return found
  }

  /// The member with this key; its absence is a fault.
  public mutating func required(_ key: String) -> JSONValue? {
    if let found = optional(key) { return found }
    if value.members != nil {
      add(.missingKey, "the key \"\(key)\" is missing", at: value)
    }
    return nil
  }

  /// A whole number within a range.
  public mutating func integer(
    _ key: String, in range: ClosedRange<Int> = .min ... .max, default standard: Int? = nil
  ) -> Int {
    let fallback = standard ?? min(max(0, range.lowerBound), range.upperBound)
    guard let found = get(key, hasDefault: standard != nil) else { return fallback }
    guard let number = found.integer(Int.self) else {
      wrongType(key, found, expected: "a whole number")
      return fallback
    }
    guard range.contains(number) else {
      let allowed =
        range.upperBound == .max
        ? "at least \(range.lowerBound)" : "\(range.lowerBound)...\(range.upperBound)"
      outOfRange(key, found, allowed: allowed)
      return fallback
    }
    return number
  }

  /// A number within a range.
  public mutating func number(
    _ key: String, in range: ClosedRange<Double> = -.infinity ... .infinity,
    default standard: Double? = nil
  ) -> Double {
    let fallback = standard ?? min(max(0, range.lowerBound), range.upperBound)
    guard let found = get(key, hasDefault: standard != nil) else { return fallback }
    guard let number = found.doubleValue else {
      wrongType(key, found, expected: "a number")
      return fallback
    }
    guard range.contains(number) else {
      outOfRange(key, found, allowed: "\(range.lowerBound)...\(range.upperBound)")
      return fallback
    }
    return number
  }

  /// A string.
  public mutating func string(_ key: String, default standard: String? = nil) -> String {
    guard let found = get(key, hasDefault: standard != nil) else { return standard ?? "" }
    guard let text = found.stringValue else {
      wrongType(key, found, expected: "a string")
      return standard ?? ""
    }
    return text
  }

  /// A Boolean.
  public mutating func bool(_ key: String, default standard: Bool? = nil) -> Bool {
    guard let found = get(key, hasDefault: standard != nil) else { return standard ?? false }
    guard let answer = found.boolValue else {
      wrongType(key, found, expected: "true or false")
      return standard ?? false
    }
    return answer
  }

  /// One of the names of an enumeration; the nearest is offered for any other.
  public mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, default standard: Choice
  ) -> Choice where Choice.RawValue == String {
    guard let found = get(key, hasDefault: true) else { return standard }
    let names = Choice.allCases.map(\.rawValue)
    guard let name = found.stringValue else {
      wrongType(key, found, expected: "one of \(names.joined(separator: ", "))")
      return standard
    }
    guard let choice = Choice(rawValue: name) else {
      add(
        .outOfRange, "\"\(name)\" is not one of \(names.joined(separator: ", "))",
        at: found, key: key,
        suggestion: NearestName.find(name, among: names).map { "did you mean \"\($0)\"?" })
      return standard
    }
    return choice
  }

  /// The elements of an array with their paths; empty when the key is absent.
  public mutating func array(_ key: String) -> [(value: JSONValue, path: JSONPath)] {
    guard let found = optional(key) else { return [] }
    guard let values = found.arrayValue else {
      wrongType(key, found, expected: "an array")
      return []
    }
    return values.enumerated().map { ($0.element, path.appending(key).appending($0.offset)) }
  }

  /// The members of an object with their paths; empty when the key is absent.
  public mutating func entries(
    _ key: String
  ) -> [(key: String, value: JSONValue, path: JSONPath)] {
    guard let found = optional(key) else { return [] }
    guard let members = found.members else {
      wrongType(key, found, expected: "an object")
      return []
    }
    return members.map { ($0.key, $0.value, path.appending(key).appending($0.key)) }
  }

  /// Adds a fault about a member, or about the object itself when the key is nil.
  public mutating func add(
    _ kind: Diagnostic.Kind, _ message: String, at place: JSONValue, key: String? = nil,
    suggestion: String? = nil
  ) {
    faults.append(
      Diagnostic(
        message, kind: kind, path: key.map { path.appending($0) } ?? path, at: place.position,
        suggestion: suggestion))
  }

  /// Ends the reading: reports keys that no getter asked for, and hands over all faults.
  public mutating func finish(into all: inout Diagnostics) {
    for member in value.members ?? [] where !known.contains(member.key) {
      faults.append(
        Diagnostic(
          "the key is unknown", kind: .unknownKey, path: path.appending(member.key),
          at: member.keyPosition,
          suggestion: NearestName.suggestion(for: member.key, among: known)))
    }
    all.faults += faults
    faults = []
  }

  private mutating func get(_ key: String, hasDefault: Bool) -> JSONValue? {
    hasDefault ? optional(key) : required(key)
  }

  private mutating func wrongType(_ key: String, _ found: JSONValue, expected: String) {
    add(.wrongType, "\(found.brief) is not \(expected)", at: found, key: key)
  }

  private mutating func outOfRange(_ key: String, _ found: JSONValue, allowed: String) {
    add(.outOfRange, "\(found.brief) is outside \(allowed)", at: found, key: key)
  }
}
