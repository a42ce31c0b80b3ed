extension Unpickler {
  /// The instructions that would run code in Python.
  mutating func call(_ code: UInt8) throws {
    switch code {
    case .ascii("c"):
      let module = try reader.line()
      push(try function(module, try reader.line()))
    case 0x93:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw reader.damage("a function is named by what is no text")
      }
      push(try function(module, name))
    case .ascii("R"):
      let arguments = try arguments(try pop())
      guard case .function(let function) = try pop() else {
        throw reader.forbidden("a call of what is no function")
      }
      push(try result(of: function, arguments))
    case 0x81:
      // A class and its arguments; the only class on the list makes itself from these.
      let arguments = try arguments(try pop())
      guard case .function(.orderedDictionary) = try pop() else {
        throw reader.forbidden("an object of a class of its own")
      }
      push(try result(of: .orderedDictionary, arguments))
    case .ascii("b"): try build()
    case .ascii("Q"): push(try storage(try arguments(try pop())))
    case .ascii("i"):
      let module = try reader.line()
      throw reader.forbidden("\(module).\(try reader.line())")
    case .ascii("o"), 0x92: throw reader.forbidden("an object of a class of its own")
    case 0x82, 0x83, 0x84: throw reader.forbidden("a registered extension")
    case .ascii("P"): throw reader.forbidden("an object kept elsewhere")
    default:
      throw reader.damage("instruction 0x\(String(code, radix: 16)), which PyTorch does not write")
    }
  }

  private func function(_ module: String, _ name: String) throws -> Pickle.Value {
    guard let function = Pickle.Function(module, name) else {
      throw reader.forbidden(String("\(module).\(name)".prefix(200)))
    }
    return .function(function)
  }

  private func arguments(_ value: Pickle.Value) throws -> [Pickle.Value] {
    guard case .tuple(let index) = value else {
      throw reader.damage("the arguments of a call are no tuple")
    }
    return pickle.sequences[index]
  }

  private mutating func result(
    of function: Pickle.Function, _ arguments: [Pickle.Value]
  ) throws -> Pickle.Value {
    switch function {
    case .orderedDictionary: return try ordered(arguments)
    case .rebuildTensor: return try tensor(arguments)
    case .rebuildParameter:
      guard case .tensor? = arguments.first else {
        throw reader.damage("a parameter is made of what is no tensor")
      }
      return arguments[0]
    case .storageType(let type):
      throw reader.forbidden("a call of the storage of \(type.rawValue)")
    }
  }

  /// An empty dictionary, or one of a list of pairs.
  private mutating func ordered(_ arguments: [Pickle.Value]) throws -> Pickle.Value {
    guard let first = arguments.first else { return try dictionary([]) }
    guard case .list(let list) = first, arguments.count == 1 else {
      throw reader.damage("an ordered dictionary is made of what is no list of pairs")
    }
    var items: [Pickle.Value] = []
    for pair in pickle.sequences[list] {
      guard let values = sequence(pair), values.count == 2 else {
        throw reader.damage("an item of an ordered dictionary is no pair")
      }
      items += values
    }
    return try dictionary(items)
  }

  private func sequence(_ value: Pickle.Value) -> [Pickle.Value]? {
    switch value {
    case .list(let index), .tuple(let index): pickle.sequences[index]
    default: nil
    }
  }

  /// Attributes of an ordered dictionary, such as the versions of layers, are passed over.
  private mutating func build() throws {
    let state = try pop()
    guard case .dictionary = state, case .dictionary? = stack.last else {
      throw reader.forbidden("the state of an object of a class of its own")
    }
  }

  /// `storage, offset, sizes, strides, …`.
  private mutating func tensor(_ arguments: [Pickle.Value]) throws -> Pickle.Value {
    guard arguments.count >= 4, case .storage(let index) = arguments[0],
      case .integer(let offset) = arguments[1], let shape = sizes(arguments[2]),
      let strides = sizes(arguments[3])
    else { throw reader.damage("a tensor is not made of a storage, an offset, sizes and strides") }
    let seen = pickle.storages[index].seen
    let start = seen.lowerBound.addingReportingOverflow(offset)
    guard offset >= 0, !start.overflow,
      let layout = StridedLayout(
        shape, strides: strides, offset: start.partialValue, within: seen.upperBound)
    else {
      throw reader.damage(
        "a tensor of sizes \(shape) and strides \(strides) from \(offset) reaches beyond its "
          + "storage of \(seen.count)")
    }
    pickle.views.append(.init(storage: index, layout: layout))
    return .tensor(pickle.views.count - 1)
  }

  private func sizes(_ value: Pickle.Value) -> [Int]? {
    guard case .tuple(let index) = value, pickle.sequences[index].count <= 64 else { return nil }
    var sizes: [Int] = []
    for value in pickle.sequences[index] {
      guard case .integer(let size) = value else { return nil }
      sizes.append(size)
    }
    return sizes
  }

  /// `"storage", type, key, place, count`, in the stream form followed by a view of it or none.
  private mutating func storage(_ arguments: [Pickle.Value]) throws -> Pickle.Value {
    guard arguments.count == 5 || arguments.count == 6, arguments[0] == .text("storage"),
      case .function(.storageType(let type)) = arguments[1], case .text(let key) = arguments[2],
      case .integer(let count) = arguments[4], count >= 0,
      !count.multipliedReportingOverflow(by: type.bytes).overflow
    else { throw reader.forbidden("an object kept elsewhere that is no storage of numbers") }
    var seen = 0..<count
    if arguments.count == 6, case .tuple(let index) = arguments[5] {
      let view = pickle.sequences[index]
      guard view.count == 3, case .integer(let start) = view[1], case .integer(let size) = view[2],
        start >= 0, size >= 0, start <= count, size <= count - start
      else { throw reader.damage("a view reaches beyond its storage of \(count)") }
      seen = start..<(start + size)
    }
    let storage = Pickle.Storage(key: key, type: type, count: count, seen: seen)
    if let known = storageIndex[key] {
      let first = pickle.storages[known]
      if first == storage { return .storage(known) }
      guard first.type == type, first.count == count else {
        throw reader.damage("storage \(key) has two types or sizes")
      }
    } else {
      storageIndex[key] = pickle.storages.count
    }
    pickle.storages.append(storage)
    return .storage(pickle.storages.count - 1)
  }
}
