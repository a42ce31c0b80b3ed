/// PyTorch's checkpoints, in both of their forms.
///
///     zip file       archive/data.pkl    the pickled objects, tensors as views of storages
///                    archive/byteorder   "little", of version 2.1 and later
///                    archive/data/<key>  the numbers of a storage
///
///     stream         four pickles        magic number, protocol version, the machine, the objects
///                    a pickle            the keys of the storages, in order
///                    each storage        count, 8 bytes, and numbers
///
/// - Source: github.com/pytorch/pytorch, torch/serialization.py.
enum TorchFile {
  /// More bytes of pickled objects are refused.
  static let longestPickle = 64_000_000

  /// The state dicts of a zip file.
  static func groups(_ zip: ZipFile, notes: inout [String]) throws -> [TensorGroup] {
    let path = zip.file.path
    let roots = zip.entries.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
    guard roots.count == 1, let root = roots.first else {
      throw WeightsFileError.unsupported(
        path: path,
        reason: "a zip file with \(roots.count) entries named data.pkl found, one expected",
        cure: "read are checkpoints of PyTorch and .npz files")
    }
    let folder = String(root.name.dropLast("data.pkl".count))
    if let order = zip[folder + "byteorder"] {
      let text = String(decoding: try zip.bytes(order, limit: 100), as: UTF8.self)
      guard text == "little" else { throw bigEndian(path, "byteorder is \(text)") }
    }
    let bytes = try zip.bytes(root, limit: longestPickle)
    var unpickler = Unpickler(ByteReader(bytes, path: path, named: root.name))
    let pickle = try unpickler.object()
    var blocks: [String: NumberBlock] = [:]
    for storage in pickle.storages where blocks[storage.key] == nil {
      let name = "\(folder)data/\(storage.key)"
      guard let entry = zip[name] else {
        throw WeightsFileError.damaged(
          path: path, place: name, reason: "there are no numbers of this storage")
      }
      guard entry.size == storage.count * storage.type.bytes else {
        throw WeightsFileError.damaged(
          path: path, place: name,
          reason: "\(storage.count) numbers of \(storage.type.rawValue) expected, found "
            + "\(entry.size) bytes")
      }
      blocks[storage.key] = try zip.block(entry, type: storage.type, skipping: 0)
    }
    return StateDicts(pickle, blocks).groups(notes: &notes)
  }

  /// The state dicts of a stream.
  static func groups(_ file: OpenFile, notes: inout [String]) throws -> [TensorGroup] {
    let size = try file.size()
    var reader = ByteReader(file, 0..<size, named: "")
    func next() throws -> Pickle {
      var unpickler = Unpickler(reader)
      defer { reader = unpickler.reader }
      return try unpickler.object()
    }
    guard try next().root == .longer(magic), try next().root == .integer(1001) else {
      throw WeightsFileError.unsupported(
        path: file.path, reason: "pickled objects that PyTorch did not write",
        cure: "read are checkpoints of PyTorch, .safetensors and .npz files")
    }
    let machine = try next()
    if machine.member("little_endian") == .bool(false) {
      throw bigEndian(file.path, "little_endian is False")
    }
    let pickle = try next()
    let order = try next()
    guard case .list(let list) = order.root else { throw reader.damage("no list of storages") }
    let storages = Dictionary(pickle.storages.map { ($0.key, $0) }) { first, _ in first }
    var blocks: [String: NumberBlock] = [:]
    for value in order.sequences[list] {
      guard case .text(let key) = value, let storage = storages[key] else {
        throw reader.damage("a storage that no tensor is a view of")
      }
      let count = try reader.integer(8)
      guard count == UInt64(storage.count) else {
        throw reader.damage("\(storage.count) numbers expected in storage \(key), found \(count)")
      }
      let bytes = storage.count * storage.type.bytes
      guard bytes <= reader.left, blocks[key] == nil else {
        throw reader.damage(
          "the numbers of storage \(key) take \(bytes) bytes, found \(reader.left)")
      }
      blocks[key] = NumberBlock(
        file: file, offset: reader.position, type: storage.type, count: storage.count)
      reader = ByteReader(file, (reader.position + bytes)..<size, named: "")
    }
    if let lost = storages.keys.filter({ blocks[$0] == nil }).min() {
      throw reader.damage("there are no numbers of storage \(lost)")
    }
    return StateDicts(pickle, blocks).groups(notes: &notes)
  }

  /// 0x1950a86a20f9469cfc6c.
  private static let magic: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  private static func bigEndian(_ path: String, _ found: String) -> WeightsFileError {
    .unsupported(
      path: path, reason: "numbers whose largest byte comes first (\(found))",
      cure: "load the file with PyTorch and save it on an x86 or ARM machine")
  }
}

extension Pickle {
  /// The value of a key of the outermost dictionary.
  func member(_ key: String) -> Value? {
    guard case .dictionary(let index) = root else { return nil }
    return dictionaries[index].last { $0.key == .text(key) }?.value
  }
}
