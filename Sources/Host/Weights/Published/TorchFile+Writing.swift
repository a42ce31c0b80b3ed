extension TorchFile {
  /// Writes a state dict of F32 tensors in PyTorch's zip form, which `torch.load` reads with
  /// `weights_only=True`.
  ///
  /// `shapes` says what is written, and `values` gives the numbers of a tensor, the last axis
  /// fastest. `counters` are names of whole numbers of 8 bytes, all 0.
  ///
  /// - Throws: `FileError`, or what `values` throws; nothing has changed under this name then.
  static func write(
    _ shapes: [String: [Int]], counters: [String] = [], to path: String,
    _ values: (String) throws -> [Float]
  ) throws {
    let counted = counters.map { ($0, Entry(storage: "LongStorage", shape: [])) }
    let entries = shapes.mapValues { Entry(storage: "FloatStorage", shape: $0) }
      .merging(counted) { tensor, _ in tensor }
    let sorted = SafetensorsWriter.sorted(entries)
    try AtomicFile.write(to: path) { file in
      var zip = ZipWriter(file)
      try zip.add("archive/data.pkl", pickled(sorted))
      try zip.add("archive/byteorder", Array("little".utf8))
      for (index, (name, _)) in sorted.enumerated() {
        let path = "archive/data/\(index)"
        if shapes[name] == nil {
          try zip.add(path, [UInt8](repeating: 0, count: 8))
        } else {
          try zip.add(path, [], try values(name))
        }
      }
      try zip.add("archive/version", Array("3\n".utf8))
      try zip.finish()
    }
  }

  /// A tensor: the kind of its storage, which it fills, and its sizes.
  private struct Entry {
    let storage: String
    let shape: [Int]
  }

  /// An ordered dictionary of tensors, each a view of a storage named by its number.
  private static func pickled(_ tensors: [(key: String, value: Entry)]) -> [UInt8] {
    let dictionary = Array("ccollections\nOrderedDict\n)R".utf8)
    var bytes: [UInt8] = [0x80, 2] + dictionary + [.ascii("(")]
    for (index, (name, entry)) in tensors.enumerated() {
      let count = entry.shape.reduce(1, *)
      bytes += text(name) + Array("ctorch._utils\n_rebuild_tensor_v2\n((".utf8)
      bytes += text("storage") + Array("ctorch\n\(entry.storage)\n".utf8) + text("\(index)")
      bytes += text("cpu") + number(count) + Array("tQ".utf8) + number(0)
      let strides = StridedLayout.rowMajor(entry.shape)
      bytes += tuple(entry.shape) + tuple(strides) + [0x89] + dictionary + Array("tR".utf8)
    }
    return bytes + Array("u.".utf8)
  }

  private static func tuple(_ values: [Int]) -> [UInt8] {
    [.ascii("(")] + values.flatMap { number($0) } + [.ascii("t")]
  }

  private static func text(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = [.ascii("X")]
    bytes.append(text.utf8.count, 4)
    return bytes + Array(text.utf8)
  }

  /// A whole number of 4 bytes, or of 8 where it needs them.
  private static func number(_ value: Int) -> [UInt8] {
    var bytes: [UInt8] = value < 1 << 31 ? [.ascii("J")] : [0x8A, 8]
    bytes.append(value, value < 1 << 31 ? 4 : 8)
    return bytes
  }
}

extension NumpyArray {
  /// Writes float32 arrays into a zip file, as `numpy.savez` does.
  ///
  /// - Throws: `FileError`, or what `values` throws; nothing has changed under this name then.
  static func write(
    _ shapes: [String: [Int]], to path: String, _ values: (String) throws -> [Float]
  ) throws {
    try AtomicFile.write(to: path) { file in
      var zip = ZipWriter(file)
      for (name, shape) in SafetensorsWriter.sorted(shapes) {
        let sizes = shape.map { "\($0)," }.joined(separator: " ")
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)), }"
        // Header and numbers begin at multiples of 64 bytes.
        let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10
        let spaces = String(repeating: " ", count: length - text.utf8.count - 1)
        var header = signature + [1, 0]
        header.append(length, 2)
        try zip.add("\(name).npy", header + Array("\(text)\(spaces)\n".utf8), try values(name))
      }
      try zip.finish()
    }
  }
}
