import PluginAPI

extension Checkpoint {
  private static let zeros = String(repeating: "0", count: 16)

  /// Writes the checkpoint atomically, with a checksum over header and numbers.
  ///
  /// - Throws: `FileError`; nothing has changed under this name then.
  public func save(to path: String) throws {
    var metadata = record.metadata
    metadata["checksum"] = Checkpoint.zeros
    let blank = SafetensorsWriter.header(shapes: tensors.mapValues(\.shape), metadata: metadata)
    var hash = ContentHash()
    hash.add(blank)
    for (_, tensor) in SafetensorsWriter.sorted(tensors) {
      tensor.withScalars { hash.add($0) }
    }
    metadata["checksum"] = hash.digits
    try SafetensorsWriter.write(tensors, metadata: metadata, to: path)
  }

  /// Reads a checkpoint and checks that it is whole.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - expected: the shape of every tensor the caller needs; nil to take what is there.
  /// - Returns: the record and all tensors.
  /// - Throws: `CheckpointError`, which names an older checkpoint when this one is damaged.
  public static func load(
    _ path: String, expecting expected: [String: [Int]]? = nil
  ) throws -> Checkpoint {
    do {
      return try read(path, expecting: expected)
    } catch let error as SafetensorsError where error.isDamage {
      throw damaged(path, error.description)
    } catch let error as FileError {
      guard case .truncated = error else { throw error }
      throw damaged(path, error.description)
    }
  }

  /// Whether a file is a whole checkpoint.
  static func isWhole(_ path: String) -> Bool { (try? read(path, expecting: nil)) != nil }

  private static func damaged(_ path: String, _ reason: String) -> CheckpointError {
    .damaged(reason: reason, older: CheckpointFolder.newestWhole(before: path))
  }

  private static func read(
    _ path: String, expecting expected: [String: [Int]]?
  ) throws -> Checkpoint {
    let file = try SafetensorsReader(path)
    let record = try Record(file.metadata, path: path)
    var hash = ContentHash()
    hash.add(try blanked(file))
    var tensors: [String: Tensor] = [:]
    for entry in file.entries where entry.type != .f32 {
      throw CheckpointError.record(
        path: path, key: entry.name, found: entry.type.rawValue, expected: "F32")
    }
    for name in file.names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let tensor = try file.tensor(named: name)
      tensor.withScalars { hash.add($0) }
      tensors[name] = tensor
    }
    let written = file.metadata["checksum"] ?? "none"
    guard hash.digits == written else {
      throw SafetensorsError(
        path: path, tensor: nil, problem: .checksum(found: hash.digits, expected: written))
    }
    if let expected {
      let mismatch = TensorMismatch(expected: expected, found: tensors.mapValues(\.shape))
      if !mismatch.isEmpty { throw CheckpointError.mismatch(path: path, mismatch) }
    }
    return Checkpoint(record, tensors: tensors)
  }

  /// The header as it was when the checksum was computed: with zeros in its place.
  private static func blanked(_ file: SafetensorsReader) throws -> [UInt8] {
    var bytes = try file.headerBytes()
    // Quotes inside of texts are escaped, so that this can only be the key itself.
    let key = Array("\"checksum\": \"".utf8)
    let last = bytes.count - key.count - 16
    guard last >= 0,
      let start = (0...last).first(where: {
        bytes[$0] == key[0] && bytes[$0..<($0 + key.count)].elementsEqual(key)
      })
    else { return bytes }
    let digits = (start + key.count)..<(start + key.count + 16)
    bytes.replaceSubrange(digits, with: Array(zeros.utf8))
    return bytes
  }
}

extension Checkpoint.Record {
  /// The record as texts.
  var metadata: [String: String] {
    [
      "checkpoint": "\(Checkpoint.format)", "step": "\(step)", "images": "\(images)",
      "epoch": "\(epoch)", "seed": "\(seed)",
      "experimentHash": experimentHash, "extra": extra.text(style: .canonical),
    ]
  }

  /// Reads a record.
  ///
  /// - Throws: `CheckpointError` when the file is none of ours, of another format, or incomplete.
  init(_ metadata: [String: String], path: String) throws {
    func number<Value: FixedWidthInteger>(_ key: String) throws -> Value {
      guard let value = metadata[key].flatMap({ Value($0) }) else {
        throw CheckpointError.record(
          path: path, key: key, found: metadata[key] ?? "nothing", expected: "a whole number")
      }
      return value
    }
    guard metadata["checkpoint"] != nil else { throw CheckpointError.notACheckpoint(path: path) }
    let format: Int = try number("checkpoint")
    guard format == Checkpoint.format else {
      throw CheckpointError.format(path: path, found: format)
    }
    let extra = metadata["extra"] ?? ""
    guard let parsed = try? JSONValue(parsing: extra, dialect: .json) else {
      throw CheckpointError.record(path: path, key: "extra", found: extra, expected: "JSON")
    }
    try self.init(
      step: number("step"), images: number("images"), epoch: number("epoch"),
      seed: number("seed"),
      experimentHash: metadata["experimentHash"] ?? "", extra: parsed)
  }
}
