extension JSONValue {
  /// This value laid over the one it extends.
  ///
  /// Objects merge key by key, and `null` takes an inherited key away. Everything else replaces:
  /// numbers, strings, arrays; a part with another `use`, since settings of one component mean
  /// nothing to another; and an object of which only one key may be there, such as a duration in
  /// another unit.
  func extending(_ base: JSONValue) -> JSONValue {
    guard let own = members, let inherited = base.members, !replaces(base) else { return self }
    var merged: [Member] = inherited.compactMap { member in
      guard let over = own.first(where: { $0.key == member.key }) else { return member }
      guard !over.value.isNull else { return nil }
      return Member(
        member.key, over.value.extending(member.value), keyPosition: over.keyPosition)
    }
    let known = Set(inherited.map(\.key))
    merged += own.filter { !known.contains($0.key) }
    return JSONValue(.object(merged), at: position)
  }

  private func replaces(_ base: JSONValue) -> Bool {
    if let use = self["use"], let other = base["use"], use != other { return true }
    return areAlternatives(base.keys)
  }

  /// Whether an object with these keys and this one have keys of which there may be one only.
  func areAlternatives(_ others: [String]) -> Bool {
    JSONValue.alternatives.contains { group in
      !keys.isEmpty && group.isSuperset(of: keys) && group.isSuperset(of: others)
    }
  }

  /// Keys of which an object has one.
  private static let alternatives: [Set<String>] = [
    ["images", "steps", "epochs"], ["halfLife", "decay"],
  ]
}
