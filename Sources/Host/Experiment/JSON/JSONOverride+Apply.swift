extension JSONOverride {
  /// Puts the value into a tree.
  ///
  /// The last key may be new to its object; every step before it must exist, but for the keys in
  /// `creating`, which are made as empty objects (`generator.with.channels=32` where no `with` is).
  ///
  /// - Throws: `Diagnostic` that says which step does not exist and what is there instead.
  public func apply(
    to tree: inout JSONValue, creating: Set<String> = ["with"]
  ) throws(Diagnostic) {
    try put(into: &tree, rest: path.steps[...], walked: JSONPath(), creating: creating)
  }

  /// Applies arguments in order and collects all faults.
  ///
  /// - Throws: `Diagnostics` when any argument is misspelt or leads nowhere.
  public static func apply(
    _ arguments: [String], to tree: inout JSONValue, option: String = "--set"
  ) throws(Diagnostics) {
    var faults: [Diagnostic] = []
    for argument in arguments {
      do {
        let override = try JSONOverride(parsing: argument, option: option)
        do { try override.apply(to: &tree) } catch { faults.append(error) }
      } catch {
        faults += error.faults
      }
    }
    if !faults.isEmpty { throw Diagnostics(faults) }
  }

  private func put(
    into tree: inout JSONValue, rest: ArraySlice<JSONPath.Step>, walked: JSONPath,
    creating: Set<String>
  ) throws(Diagnostic) {
    guard let step = rest.first else {
      try putHere(&tree, walked: walked)
      return
    }
    let isLast = rest.count == 1 && !appends
    switch (tree.kind, step) {
    case (.array(var values), .index(let index)):
      guard values.indices.contains(index) else {
        throw fault(noElement(index, in: values, at: walked), at: tree)
      }
      // The tree gives up its copy first, so that the elements are changed in place.
      tree.kind = .null
      defer { tree.kind = .array(values) }
      try put(
        into: &values[index], rest: rest.dropFirst(), walked: walked.appending(index),
        creating: creating)
    case (.object(var members), _):
      let key = JSONOverride.key(step)
      let place = SourcePosition(source: source, line: 1, column: 1)
      if !members.contains(where: { $0.key == key }) {
        guard isLast || creating.contains(key) else {
          throw fault(noKey(key, in: tree, at: walked), at: tree)
        }
        // `training.for.steps=20` replaces whatever other unit was there.
        if isLast, tree.areAlternatives([key]) { members.removeAll() }
        members.append(JSONValue.Member(key, JSONValue(.object([]), at: place), keyPosition: place))
      }
      for index in members.indices where members[index].key == key {
        try put(
          into: &members[index].value, rest: rest.dropFirst(), walked: walked.appending(key),
          creating: creating)
      }
      tree.kind = .object(members)
    case (.array(let values), .key(let key)):
      let found = "\(JSONOverride.name(walked)) is \(tree.brief) and has no \(key)"
      let cure = "its elements are chosen by index, \(JSONOverride.range(of: values))"
      throw fault("\(found); \(cure)", at: tree)
    default:
      let wanted = JSONOverride.key(step)
      throw fault("\(JSONOverride.name(walked)) is \(tree.brief) and has no \(wanted)", at: tree)
    }
  }

  private func putHere(_ tree: inout JSONValue, walked: JSONPath) throws(Diagnostic) {
    guard appends else {
      tree = value
      return
    }
    guard let values = tree.arrayValue else {
      throw fault(
        "\(JSONOverride.name(walked)) is \(tree.brief); + appends to an array", at: tree)
    }
    tree.kind = .array(values + [value])
  }

  private func noElement(_ index: Int, in values: [JSONValue], at path: JSONPath) -> String {
    let found = "\(path.appending(index)) does not exist"
    let there = JSONOverride.range(of: values)
    return "\(found): \(JSONOverride.name(path)) has \(there); \(path).+ appends"
  }

  private func noKey(_ key: String, in tree: JSONValue, at path: JSONPath) -> String {
    let known = tree.keys
    let found = "\(path.appending(key)) does not exist: \(JSONOverride.name(path)) is \(tree.brief)"
    return NearestName.find(key, among: known).map { "\(found); did you mean \"\($0)\"?" } ?? found
  }

  private func fault(_ message: String, at tree: JSONValue) -> Diagnostic {
    let notes = tree.position.map { [Diagnostic.Note("this is there", at: $0)] } ?? []
    return Diagnostic(
      message, kind: .path, at: SourcePosition(source: source, line: 1, column: 1), notes: notes)
  }

  private static func key(_ step: JSONPath.Step) -> String {
    switch step {
    case .key(let key): key
    case .index(let index): String(index)
    }
  }

  private static func name(_ path: JSONPath) -> String {
    path.isEmpty ? "the root" : path.description
  }

  private static func range(of values: [JSONValue]) -> String {
    switch values.count {
    case 0: "no elements"
    case 1: "1 element, 0"
    default: "\(values.count) elements, 0 to \(values.count - 1)"
    }
  }
}
