/// Finds the state dicts among pickled objects: dictionaries that hold tensors by name.
struct StateDicts {
  private let pickle: Pickle
  private let blocks: [String: NumberBlock]
  private static let deepest = 5

  /// Looks among objects whose storages lie in these blocks.
  init(_ pickle: Pickle, _ blocks: [String: NumberBlock]) {
    (self.pickle, self.blocks) = (pickle, blocks)
  }

  /// Every dictionary that holds tensors, the outermost first; one of none where there is no tensor.
  func groups(notes: inout [String]) -> [TensorGroup] {
    var groups: [TensorGroup] = []
    var others: [String] = []
    var seen: Set<Int> = []
    var waiting: [(key: [String], value: Pickle.Value)] = [([], pickle.root)]
    while !waiting.isEmpty {
      let level = waiting
      waiting = []
      for (key, value) in level {
        if case .tensor = value, let tensor = tensor("tensor", value) {
          groups.append(TensorGroup("", [tensor]))
        }
        guard case .dictionary(let index) = value, seen.insert(index).inserted else { continue }
        var tensors: [StoredTensor] = []
        for (name, value) in pickle.dictionaries[index] {
          guard let name = text(name) else { continue }
          if let tensor = tensor(name, value) {
            tensors.append(tensor)
          } else if case .dictionary = value, key.count < StateDicts.deepest {
            waiting.append((key + [name], value))
          } else if key.isEmpty {
            others.append(name)
          }
        }
        if !tensors.isEmpty { groups.append(TensorGroup(key.joined(separator: "."), tensors)) }
      }
    }
    if !others.isEmpty {
      let names = others.prefix(10).joined(separator: ", ") + (others.count > 10 ? ", …" : "")
      notes.append("no tensors, and passed over: \(names)")
    }
    return groups.isEmpty ? [TensorGroup("", [])] : groups
  }

  private func text(_ key: Pickle.Value) -> String? {
    switch key {
    case .text(let text): text
    case .integer(let number): "\(number)"
    default: nil
    }
  }

  private func tensor(_ name: String, _ value: Pickle.Value) -> StoredTensor? {
    guard case .tensor(let index) = value else { return nil }
    let view = pickle.views[index]
    guard let block = blocks[pickle.storages[view.storage].key] else { return nil }
    return StoredTensor(name: name, block: block, layout: view.layout)
  }
}
