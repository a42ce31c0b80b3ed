import PluginAPI

extension ExperimentSchema {
  /// The `with` object of a component: every setting with its type, default, range and sentence.
  func settings(_ id: String) -> JSONValue {
    let declared = catalog.components[id]?.hyperparameters ?? []
    let properties = declared.map { JSONValue.Member($0.name, setting($0)) }
    return [
      "type": "object",
      "description": JSONValue(catalog.components[id]?.summary ?? ""),
      "properties": JSONValue(.object(properties)), "additionalProperties": false,
    ]
  }

  private func setting(_ declared: HyperparameterDescription) -> JSONValue {
    var value = type(declared.type, declared)
    if case .object(var members) = value.kind {
      members.append(.init("description", JSONValue(declared.sentence)))
      members.append(.init("default", JSONValue(setting: declared.defaultValue)))
      value.kind = .object(members)
    }
    return value
  }

  /// The JSON type behind the words of a declaration; a plugin's own type may be anything.
  private func type(_ name: String, _ declared: HyperparameterDescription) -> JSONValue {
    if name.hasSuffix("?") { return orNull(type(String(name.dropLast()), declared)) }
    if name.hasPrefix("["), name.hasSuffix("]") {
      let element = type(String(name.dropFirst().dropLast()), declared)
      return ["type": "array", "items": element]
    }
    if let choices = declared.choices { return ["enum": JSONValue(choices.map { JSONValue($0) })] }
    if let slot = declared.slot {
      let path: JSONValue = ["type": "string", "pattern": "^[^/]+$"]
      return ["anyOf": [path, ["$ref": JSONValue("#/$defs/slot.\(slot.rawValue)")]]]
    }
    switch name {
    case "Int": return number("integer", declared)
    case "Float": return number("number", declared)
    case "Bool": return ["type": "boolean"]
    case "String": return ["type": "string"]
    case TrainingDuration.typeName: return ["$ref": "#/$defs/duration"]
    default: return [:]
    }
  }

  private func number(_ type: String, _ declared: HyperparameterDescription) -> JSONValue {
    var members: [JSONValue.Member] = [.init("type", JSONValue(type))]
    if let minimum = declared.minimum {
      members.append(.init("minimum", JSONValue(setting: .number(minimum))))
    }
    if let maximum = declared.maximum {
      members.append(.init("maximum", JSONValue(setting: .number(maximum))))
    }
    return JSONValue(.object(members))
  }
}
