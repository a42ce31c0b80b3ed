import Foundation

@testable import Host

/// Holds values against the part of JSON Schema that `workbench schema` writes, patterns aside.
///
/// `make test-all` does the same with a validator that is not ours; this one is here because it is
/// fast enough for 100,000 files.
struct SchemaCheck {
  let schema: JSONValue

  /// Where a value is not what the schema asks; `nil` where all is well.
  func fault(_ value: JSONValue) -> String? { fault(value, schema, "") }

  private func fault(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> String? {
    if let isAllowed = schema.boolValue { return isAllowed ? nil : "\(path) is not allowed" }
    if let reference = schema["$ref"]?.stringValue {
      let name = String(reference.dropFirst("#/$defs/".count))
      guard let definition = self.schema["$defs"]?[name] else { return "no definition \(name)" }
      if let found = fault(value, definition, path) { return found }
    }
    return plainFault(value, schema, path) ?? combinedFault(value, schema, path)
      ?? objectFault(value, schema, path) ?? arrayFault(value, schema, path)
  }

  private func plainFault(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> String? {
    if let type = schema["type"] {
      let names = type.arrayValue?.compactMap(\.stringValue) ?? [type.stringValue ?? ""]
      guard names.contains(where: { Self.isOf($0, value) }) else {
        return "\(path) is \(value.brief), not \(names)"
      }
    }
    if let choices = schema["enum"]?.arrayValue, !choices.contains(value) {
      return "\(path) is \(value.brief), none of the choices"
    }
    if let constant = schema["const"], constant != value { return "\(path) is not \(constant)" }
    guard let number = value.doubleValue else { return nil }
    let slack = abs(number) * 1e-6
    if let minimum = schema["minimum"]?.doubleValue, number < minimum - slack {
      return "\(path) is \(number), below \(minimum)"
    }
    if let maximum = schema["maximum"]?.doubleValue, number > maximum + slack {
      return "\(path) is \(number), above \(maximum)"
    }
    return nil
  }

  private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch type {
    case "object": value.members != nil
    case "array": value.arrayValue != nil
    case "string": value.stringValue != nil
    case "boolean": value.boolValue != nil
    case "null": value.isNull
    case "integer": value.doubleValue.map { $0 == $0.rounded() } ?? false
    default: value.doubleValue != nil
    }
  }

  private func combinedFault(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> String? {
    for part in schema["allOf"]?.arrayValue ?? [] {
      if let found = fault(value, part, path) { return found }
    }
    if let choices = schema["anyOf"]?.arrayValue {
      let faults = choices.map { fault(value, $0, path) }
      if !faults.contains(nil) { return faults.compactMap(\.self).joined(separator: " and ") }
    }
    if let choices = schema["oneOf"]?.arrayValue,
      choices.filter({ fault(value, $0, path) == nil }).count != 1
    {
      return "\(path) is \(value.brief), not one of the known"
    }
    if let no = schema["not"], fault(value, no, path) == nil { return "\(path) is there" }
    guard let condition = schema["if"] else { return nil }
    let branch = fault(value, condition, path) == nil ? "then" : "else"
    return schema[branch].flatMap { fault(value, $0, path) }
  }

  private func objectFault(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> String? {
    guard let members = value.members else { return nil }
    for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    where value[name] == nil {
      return "\(path) lacks \(name)"
    }
    if let least = schema["minProperties"]?.intValue, members.count < least {
      return "\(path) has too few keys"
    }
    if let most = schema["maxProperties"]?.intValue, members.count > most {
      return "\(path) has too many keys"
    }
    for member in members {
      let place = "\(path).\(member.key)"
      let own = schema["properties"]?[member.key]
      guard let next = own ?? schema["additionalProperties"] else { continue }
      if let found = fault(member.value, next, place) { return found }
    }
    return nil
  }

  private func arrayFault(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> String? {
    guard let values = value.arrayValue else { return nil }
    if let least = schema["minItems"]?.intValue, values.count < least {
      return "\(path) has too few elements"
    }
    if let most = schema["maxItems"]?.intValue, values.count > most {
      return "\(path) has too many elements"
    }
    guard let items = schema["items"] else { return nil }
    for (index, element) in values.enumerated() {
      if let found = fault(element, items, "\(path)[\(index)]") { return found }
    }
    return nil
  }
}
