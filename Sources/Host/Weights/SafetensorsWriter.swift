import PluginAPI

/// Writes safetensors files: F32, sorted by name, header aligned to 8 bytes, atomically.
///
/// Equal tensors and metadata give equal bytes. Metadata are texts; whole numbers that must be
/// exact (a seed, a count of images) belong there, in decimal.
public enum SafetensorsWriter {
  /// Writes tensors under a path; an older file of that name stays until the new one is complete.
  ///
  /// - Throws: `FileError`; nothing has changed under this name then.
  public static func write(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
  ) throws {
    try write(shapes: tensors.mapValues(\.shape), metadata: metadata, to: path) { name in
      tensors[name]?.scalars() ?? []
    }
  }

  /// Writes tensors that are made one at a time, so that only one is in memory.
  ///
  /// `shapes` says what is written, and `values` gives the numbers of a tensor, the last axis
  /// fastest. `counters` are names of I64 scalars, all 0, which lie before the others.
  ///
  /// - Throws: `FileError`, or what `values` throws; nothing has changed under this name then.
  static func write(
    shapes: [String: [Int]], counters: [String] = [], metadata: [String: String],
    to path: String, _ values: (String) throws -> [Float]
  ) throws {
    let header = header(shapes: shapes, counters: counters, metadata: metadata)
    try AtomicFile.write(to: path) { file in
      try file.write(header + [UInt8](repeating: 0, count: 8 * counters.count))
      for (name, shape) in sorted(shapes) {
        let values = try values(name)
        precondition(
          values.count == shape.reduce(1, *),
          "[SafetensorsWriter] \(values.count) numbers of \(name), expected \(shape)")
        try file.write(values)
      }
    }
  }

  /// The length and the header, padded with spaces to a multiple of 8 bytes.
  static func header(
    shapes: [String: [Int]], counters: [String] = [], metadata: [String: String]
  ) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let texts = JSONValue(metadata.mapValues { JSONValue($0) })
      members.append(JSONValue.Member(Safetensors.metadataKey, texts))
    }
    var offset = 0
    func add(_ name: String, _ type: String, _ shape: [Int], bytes: Int) {
      precondition(
        name != Safetensors.metadataKey,
        "[SafetensorsWriter] a tensor is named \(name), expected any other name")
      let end = offset + shape.reduce(bytes, *)
      let entry: JSONValue = [
        "dtype": JSONValue(type), "shape": JSONValue(shape.map { JSONValue($0) }),
        "data_offsets": [JSONValue(offset), JSONValue(end)],
      ]
      members.append(JSONValue.Member(name, entry))
      offset = end
    }
    for name in counters { add(name, "I64", [], bytes: 8) }
    for (name, shape) in sorted(shapes) { add(name, "F32", shape, bytes: 4) }
    var text = Array(JSONValue(.object(members)).text(style: .line).utf8)
    text += [UInt8](repeating: .ascii(" "), count: (8 - text.count % 8) % 8)
    let length = UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
  }

  /// The entries in the order of the bytes of their names.
  static func sorted<Value>(_ entries: [String: Value]) -> [(key: String, value: Value)] {
    entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}
