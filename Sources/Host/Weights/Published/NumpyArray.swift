/// NumPy's arrays: a header, a Python literal, and numbers.
///
///     \x93NUMPY  version  length of the header  {'descr': '<f4', 'fortran_order': False, …}  numbers
///
/// - Source: NumPy's format description, numpy.lib.format, versions 1.0 to 3.0.
enum NumpyArray {
  /// The bytes an array begins with.
  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let types: [String: Safetensors.NumberType] = [
    "<f8": .f64, "<f4": .f32, "<f2": .f16, "<i8": .i64, "<i4": .i32, "<i2": .i16, "|i1": .i8,
    "|u1": .u8, "|b1": .bool,
  ]

  /// The array that a file is, named as the file without its ending.
  static func tensor(_ file: OpenFile) throws -> StoredTensor {
    let size = try file.size()
    let header = try Header(ByteReader(file, 0..<size, named: ""), file.path)
    let name = AtomicFile.split(file.path).name
    let block = NumberBlock(
      file: file, offset: header.bytes, type: header.type,
      count: (size - header.bytes) / header.type.bytes)
    return try tensor(name, header, block, size - header.bytes)
  }

  /// An array of a zip file, named as its entry without the ending.
  static func tensor(_ entry: ZipEntry, in zip: ZipFile) throws -> StoredTensor {
    let start = try zip.offset(of: entry)
    let reader =
      entry.isDeflated
      ? ByteReader(try zip.beginning(entry), path: zip.file.path, named: entry.name)
      : ByteReader(zip.file, start..<(start + entry.size), named: entry.name)
    let header = try Header(reader, zip.file.path)
    guard !entry.isDeflated || (entry.size - header.bytes) % header.type.bytes == 0,
      !entry.isDeflated || header.bytes % header.type.bytes == 0
    else { throw reader.damage("a header of \(header.bytes) bytes") }
    let block = try zip.block(entry, type: header.type, skipping: header.bytes)
    return try tensor(entry.name, header, block, entry.size - header.bytes)
  }

  private static func tensor(
    _ name: String, _ header: Header, _ block: NumberBlock, _ bytes: Int
  ) throws -> StoredTensor {
    var strides = [Int](repeating: 1, count: header.shape.count)
    for axis in header.shape.indices.dropFirst() {
      let place = header.isFortran ? axis : header.shape.count - 1 - axis
      let before = header.isFortran ? place - 1 : place + 1
      let (stride, overflows) = strides[before].multipliedReportingOverflow(
        by: header.shape[before])
      strides[place] = overflows ? .max : stride
    }
    let layout = StridedLayout(header.shape, strides: strides, offset: 0, within: block.count)
    guard let layout, layout.count * block.type.bytes == bytes else {
      throw WeightsFileError.damaged(
        path: block.file.path, place: name,
        reason: "shape \(header.shape) of \(block.type.rawValue) expected, found \(bytes) bytes")
    }
    let plain = name.hasSuffix(".npy") ? String(name.dropLast(4)) : name
    return StoredTensor(name: plain, block: block, layout: layout)
  }

  /// What stands before the numbers.
  struct Header {
    private(set) var type = Safetensors.NumberType.f32
    private(set) var isFortran = false
    private(set) var shape: [Int] = []
    /// The length of all that stands before the numbers.
    let bytes: Int

    /// Reads a header.
    ///
    /// - Throws: `WeightsFileError`, `FileError`.
    init(_ reader: ByteReader, _ path: String) throws {
      var reader = reader
      let start = reader.position
      guard try reader.bytes(6) == NumpyArray.signature else {
        throw reader.damage("this is no NumPy array")
      }
      let version = try reader.bytes(2)
      guard (1...3).contains(version[0]) else {
        throw reader.damage("version \(version[0]) of NumPy's format, at most 3 known")
      }
      let length = try reader.length(version[0] == 1 ? 2 : 4)
      guard length <= 100_000 else { throw reader.damage("a header of \(length) bytes") }
      let text = String(decoding: try reader.bytes(length), as: UTF8.self)
      bytes = reader.position - start
      guard let descr = Header.value("descr", in: text), let sizes = Header.sizes(text),
        let order = Header.value("fortran_order", in: text)
      else { throw reader.damage("a header that is not NumPy's: \(text.prefix(80))") }
      let name = descr.trimmingQuotes
      guard let type = NumpyArray.types[name] else {
        throw WeightsFileError.unsupported(
          path: path, reason: "an array of NumPy's type \(name.prefix(40))",
          cure: "convert it to float32; read are "
            + NumpyArray.types.keys.sorted().joined(separator: ", "))
      }
      (self.type, shape, isFortran) = (type, sizes, order == "True")
    }

    /// The text behind a key, up to the next comma; brackets are kept together.
    private static func value(_ key: String, in text: String) -> String? {
      guard let found = text.range(of: "'\(key)':") else { return nil }
      let rest = text[found.upperBound...].drop { $0 == " " }
      if rest.first == "[" { return String(rest.prefix { $0 != "}" }) }
      return String(rest.prefix { $0 != "," && $0 != "}" })
    }

    private static func sizes(_ text: String) -> [Int]? {
      guard let found = text.range(of: "'shape':"),
        let open = text[found.upperBound...].firstIndex(of: "("),
        let close = text[open...].firstIndex(of: ")")
      else { return nil }
      let parts = text[text.index(after: open)..<close].split(separator: ",")
      let sizes = parts.map { Int($0.filter { $0 != " " && $0 != "L" }) }
      return sizes.contains { $0 == nil || $0.map { $0 < 0 } == true }
        ? nil : sizes.compactMap(\.self)
    }
  }
}

extension String {
  fileprivate var trimmingQuotes: String { filter { $0 != "'" && $0 != "\"" && $0 != " " } }
}
