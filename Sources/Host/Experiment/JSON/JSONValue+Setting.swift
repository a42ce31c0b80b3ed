import PluginAPI

// What crosses to components is a plain value; positions stay with the host.
extension JSONValue {
  /// The value without positions, as components read it.
  public var setting: Setting {
    switch kind {
    case .null: .null
    case .bool(let value): .bool(value)
    case .number(let value, _): .number(value)
    case .string(let value): .string(value)
    case .array(let values): .array(values.map(\.setting))
    case .object(let members):
      .object(Dictionary(members.map { ($0.key, $0.value.setting) }) { first, _ in first })
    }
  }

  /// A component's value as JSON; whole numbers without a point, keys sorted.
  public init(setting: Setting) {
    switch setting {
    case .null: self.init(.null)
    case .bool(let value): self.init(value)
    case .number(let value):
      // A `Float` is written as its author wrote it: 0.002, not 0.0020000000949949026.
      let single = Float(value)
      self =
        Int(exactly: value).map { JSONValue($0) }
        ?? (Double(single) == value ? JSONValue(single) : JSONValue(value))
    case .string(let value): self.init(value)
    case .array(let values): self.init(values.map { JSONValue(setting: $0) })
    case .object(let members): self.init(members.mapValues { JSONValue(setting: $0) })
    }
  }
}

extension Diagnostics {
  /// Gives the faults of a component's settings the places of the file they were read from.
  ///
  /// - Parameters:
  ///   - errors: what the component's declarations found wrong.
  ///   - value: the `with` object.
  ///   - path: its path.
  public init(_ errors: HyperparameterErrors, in value: JSONValue, path: JSONPath) {
    self.init(errors.errors.map { Diagnostics.place($0, in: value, path: path) })
  }

  private static func place(
    _ error: HyperparameterError, in value: JSONValue, path: JSONPath
  ) -> Diagnostic {
    let member = value.members?.first { $0.key == error.name }
    let place = error.name.isEmpty ? path : path.appending(error.name)
    let position = member?.value.position ?? value.position
    switch error.problem {
    case .unknownName(let known):
      return Diagnostic(
        "the setting is unknown", kind: .unknownKey, path: place, at: member?.keyPosition,
        suggestion: NearestName.suggestion(for: error.name, among: known)
          ?? "the component has no settings")
    case .unknownChoice(let found, let known):
      return Diagnostic(
        "\"\(found)\" is not one of \(known.joined(separator: ", "))", kind: .outOfRange,
        path: place, at: position,
        suggestion: NearestName.find(found, among: known).map { "did you mean \"\($0)\"?" })
    case .wrongType(let expected, let found):
      return Diagnostic(
        "found \(found), expected \(expected)", kind: .wrongType, path: place, at: position)
    case .outside(let found, let range):
      return Diagnostic(
        "\(found) is outside \(range)", kind: .outOfRange, path: place, at: position)
    case .contradiction(let sentence):
      return Diagnostic(sentence, path: place, at: position)
    }
  }
}
