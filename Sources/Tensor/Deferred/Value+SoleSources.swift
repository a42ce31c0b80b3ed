extension Value {
  /// Values in memory that nothing reads but the chain below this one, and that only once.
  ///
  /// A reference is taken out of its expression while it is counted: whoever holds the value besides is then seen.
  func soleSources() -> [Value] {
    switch expression {
    case .map(var map):
      expression = nil
      var found = Value.sole(&map.a)
      if var b = map.b {
        map.b = nil
        found += Value.sole(&b)
        map.b = b
      }
      if var c = map.c {
        map.c = nil
        found += Value.sole(&c)
        map.c = c
      }
      expression = .map(map)
      return found
    case .reshape(var source):
      expression = nil
      let found = Value.sole(&source)
      expression = .reshape(source)
      return found
    default: return []
    }
  }

  private static func sole(_ value: inout Value) -> [Value] {
    guard isKnownUniquelyReferenced(&value) else { return [] }
    if value.isPending { return value.soleSources() }
    return value.isOnlyHolder() ? [value] : []
  }
}
