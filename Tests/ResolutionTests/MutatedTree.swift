import Host
import TestSupport

extension Mutator {
  /// The key that no experiment has.
  static let strangeKey = "xyzzy"

  /// One change of an experiment's tree: a value exchanged, taken away, repeated, or put elsewhere.
  mutating func changed(_ tree: JSONValue) -> JSONValue {
    var tree = tree
    change(&tree, given: tree)
    return tree
  }

  /// An experiment's tree with a key that does not exist, somewhere.
  mutating func withStrangeKey(_ tree: JSONValue) -> JSONValue {
    var tree = tree
    addStrangeKey(to: &tree)
    return tree
  }

  private mutating func addStrangeKey(to value: inout JSONValue) {
    switch value.kind {
    case .object(var members):
      let places = members.indices.filter { members[$0].value.hasObject }
      if !places.isEmpty, below(4) > 0 {
        addStrangeKey(to: &members[places[below(places.count)]].value)
      } else {
        members.insert(.init(Self.strangeKey, 1), at: below(members.count + 1))
      }
      value.kind = .object(members)
    case .array(var values):
      let places = values.indices.filter { values[$0].hasObject }
      addStrangeKey(to: &values[places[below(places.count)]])
      value.kind = .array(values)
    default: break
    }
  }

  private mutating func change(_ value: inout JSONValue, given root: JSONValue) {
    switch value.kind {
    case .object(var members) where !members.isEmpty:
      let place = below(members.count)
      if below(3) > 0, members[place].value.isContainer {
        change(&members[place].value, given: root)
      } else {
        change(&members, at: place, given: root)
      }
      value.kind = .object(members)
    case .array(var values) where !values.isEmpty:
      let place = below(values.count)
      switch below(5) {
      case 0: values.remove(at: place)
      case 1: values.append(values[place])
      case 2: values.swapAt(place, below(values.count))
      default: change(&values[place], given: root)
      }
      value.kind = .array(values)
    default: value = replacement(for: value, given: root)
    }
  }

  private mutating func change(
    _ members: inout [JSONValue.Member], at place: Int, given root: JSONValue
  ) {
    switch below(7) {
    case 0: members.remove(at: place)
    case 1: members.append(members[place])
    case 2:
      let bytes = mutate(Array(members[place].key.utf8))
      members[place].key = String(decoding: bytes, as: UTF8.self)
    case 3:
      let other = below(members.count)
      let value = members[place].value
      members[place].value = members[other].value
      members[other].value = value
    default: members[place].value = replacement(for: members[place].value, given: root)
    }
  }

  /// A value at the edge of sense, one from elsewhere in the tree, or one that differs a little.
  private mutating func replacement(for value: JSONValue, given root: JSONValue) -> JSONValue {
    let odd: [JSONValue] = [
      nil, true, false, 0, -1, 1, 7, 0.5, 1e18, -1e300, 1e-300, "", "/", "a/b", "generator",
      "dataset.image", "../../x", [], [[]], [nil], [:], ["": 1], ["use": "essentials/adam"],
      ["use": "essentials/hinge", "with": ["x": 1]], ["images": 0], ["steps": 1, "epochs": 1],
      ["from": 0, "to": 1, "over": ["images": 5]], JSONValue(String(repeating: "ü", count: 3000)),
    ]
    switch below(3) {
    case 0: return odd[below(odd.count)]
    case 1: return somewhere(in: root)
    default:
      if let number = value.doubleValue {
        return JSONValue(number * [2.0, 0.5, -1, 1000, 0.001, 1.1][below(6)])
      }
      if let text = value.stringValue {
        return JSONValue(String(decoding: mutate(Array(text.utf8)), as: UTF8.self))
      }
      return odd[below(odd.count)]
    }
  }

  private mutating func somewhere(in value: JSONValue) -> JSONValue {
    let inner = value.arrayValue ?? value.members?.map(\.value) ?? []
    guard !inner.isEmpty, below(4) > 0 else { return value }
    return somewhere(in: inner[below(inner.count)])
  }
}

extension JSONValue {
  fileprivate var isContainer: Bool { members != nil || arrayValue != nil }

  /// Whether there is an object to put a key into; what a run recorded of itself is ignored.
  fileprivate var hasObject: Bool {
    members != nil || (arrayValue?.contains { $0.hasObject } ?? false)
  }
}
