/// Reads Python's pickled objects without running anything: the values of state dicts, and nothing
/// but these.
///
/// A pickle is a program of a stack machine. Its instructions for containers, numbers and texts are
/// followed; those that would call a function are followed for the few in `Pickle.Function`, whose
/// result is written down here. Any other name is refused as soon as it is mentioned.
///
/// - Source: Python's Lib/pickletools.py.
struct Unpickler {
  /// More instructions than any state dict has are refused, so that memory is bounded.
  static let mostInstructions = 8_000_000

  var reader: ByteReader
  var pickle = Pickle()
  var stack: [Pickle.Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Pickle.Value] = [:]
  /// The first storage of a key.
  var storageIndex: [String: Int] = [:]

  /// Begins at a reader's place.
  init(_ reader: ByteReader) { self.reader = reader }

  /// Follows instructions up to the end of the object.
  ///
  /// - Throws: `WeightsFileError`, `FileError`.
  mutating func object() throws -> Pickle {
    for _ in 0..<Unpickler.mostInstructions {
      let code = try reader.byte()
      if code == .ascii(".") {
        pickle.root = try pop()
        return pickle
      }
      if try container(code) { continue }
      if try scalar(code) { continue }
      if try memorized(code) { continue }
      try call(code)
    }
    throw reader.damage("more than \(Unpickler.mostInstructions) instructions")
  }

  // MARK: - The stack

  mutating func push(_ value: Pickle.Value) { stack.append(value) }

  mutating func pop() throws -> Pickle.Value {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
      throw reader.damage("an instruction finds nothing on the stack")
    }
    return value
  }

  private mutating func popToMark() throws -> [Pickle.Value] {
    guard let mark = marks.popLast() else { throw reader.damage("a mark is missing") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func sequence(_ values: [Pickle.Value]) -> Int {
    pickle.sequences.append(values)
    return pickle.sequences.count - 1
  }

  mutating func dictionary(_ values: [Pickle.Value]) throws -> Pickle.Value {
    pickle.dictionaries.append([])
    let index = pickle.dictionaries.count - 1
    try set(values, in: index)
    return .dictionary(index)
  }

  private mutating func set(_ values: [Pickle.Value], in index: Int) throws {
    guard values.count % 2 == 0 else { throw reader.damage("a key without a value") }
    for at in stride(from: 0, to: values.count, by: 2) {
      pickle.dictionaries[index].append((values[at], values[at + 1]))
    }
  }

  // MARK: - Instructions

  private mutating func container(_ code: UInt8) throws -> Bool {
    switch code {
    case .ascii("("): marks.append(stack.count)
    case .ascii("0"): _ = try pop()
    case .ascii("1"): _ = try popToMark()
    case .ascii("2"):
      let top = try pop()
      stack += [top, top]
    case .ascii("]"): push(.list(sequence([])))
    case .ascii("l"): push(.list(sequence(try popToMark())))
    case .ascii(")"): push(.tuple(sequence([])))
    case .ascii("t"): push(.tuple(sequence(try popToMark())))
    case 0x85, 0x86, 0x87:
      var values: [Pickle.Value] = []
      for _ in 0x85...code { values.insert(try pop(), at: 0) }
      push(.tuple(sequence(values)))
    case .ascii("}"): push(try dictionary([]))
    case .ascii("d"): push(try dictionary(try popToMark()))
    case .ascii("a"): try append([try pop()])
    case .ascii("e"): try append(try popToMark())
    case .ascii("s"):
      let value = try pop()
      try update([try pop(), value])
    case .ascii("u"): try update(try popToMark())
    default: return false
    }
    return true
  }

  private mutating func append(_ values: [Pickle.Value]) throws {
    guard case .list(let index)? = stack.last else {
      throw reader.damage("values are appended to what is no list")
    }
    pickle.sequences[index] += values
  }

  private mutating func update(_ values: [Pickle.Value]) throws {
    guard case .dictionary(let index)? = stack.last else {
      throw reader.damage("items are set in what is no dictionary")
    }
    try set(values, in: index)
  }

  private mutating func scalar(_ code: UInt8) throws -> Bool {
    switch code {
    case 0x80:
      let version = try reader.byte()
      guard version <= 5 else { throw reader.damage("pickle protocol \(version), at most 5 known") }
    case 0x95: _ = try reader.length(8)
    case .ascii("N"): push(.none)
    case 0x88: push(.bool(true))
    case 0x89: push(.bool(false))
    case .ascii("K"): push(.integer(Int(try reader.byte())))
    case .ascii("M"): push(.integer(Int(try reader.integer(2))))
    case .ascii("J"):
      push(.integer(Int(Int32(truncatingIfNeeded: try reader.integer(4)))))
    case 0x8A: push(Unpickler.whole(try reader.bytes(Int(try reader.byte()))))
    case .ascii("G"):
      push(.real(Double(bitPattern: try reader.integer(8).byteSwapped)))
    case .ascii("U"), 0x8C: try text(1)
    case .ascii("T"), .ascii("X"): try text(4)
    case 0x8D: try text(8)
    case .ascii("C"): try skip(1)
    case .ascii("B"): try skip(4)
    case 0x8E: try skip(8)
    default: return false
    }
    return true
  }

  private mutating func text(_ size: Int) throws {
    push(.text(String(decoding: try reader.bytes(try reader.length(size)), as: UTF8.self)))
  }

  private mutating func skip(_ size: Int) throws {
    _ = try reader.bytes(try reader.length(size))
    push(.bytes)
  }

  /// A number in two's complement, little endian.
  private static func whole(_ bytes: [UInt8]) -> Pickle.Value {
    guard bytes.count <= 8 else { return .longer(bytes) }
    let sign: UInt64 = (bytes.last ?? 0) >= 0x80 ? .max : 0
    let bits = bytes.reversed().reduce(sign) { $0 << 8 | UInt64($1) }
    return .integer(Int(Int64(bitPattern: bits)))
  }

  private mutating func memorized(_ code: UInt8) throws -> Bool {
    switch code {
    case .ascii("h"): try recall(Int(try reader.byte()))
    case .ascii("j"): try recall(Int(try reader.integer(4)))
    case .ascii("q"): try memorize(Int(try reader.byte()))
    case .ascii("r"): try memorize(Int(try reader.integer(4)))
    case 0x94: try memorize(memo.count)
    default: return false
    }
    return true
  }

  private mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw reader.damage("nothing was kept as \(index)") }
    push(value)
  }

  private mutating func memorize(_ index: Int) throws {
    guard let value = stack.last else { throw reader.damage("there is nothing to keep") }
    memo[index] = value
  }
}
