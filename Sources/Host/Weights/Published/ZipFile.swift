internal import CZlib

/// What the directory of a zip file says of one entry.
struct ZipEntry: Equatable {
  /// Its name, folders before slashes.
  let name: String
  /// Its length, unpacked.
  let size: Int
  /// Its length in the file.
  let packedSize: Int
  /// Whether it is deflated; else it lies there as it is.
  let isDeflated: Bool
  /// The CRC-32 of its unpacked bytes; 0 where the writer computed none.
  let checksum: UInt32
  /// Where its local header begins.
  let header: Int
}

/// The entries of a zip file, in the order of their bytes.
///
/// The directory at the end of the file is believed; local headers are only asked where the data
/// begin. Entries that overlap, lie outside of the file, are encrypted or packed otherwise than by
/// deflate are refused.
///
/// - Source: APPNOTE.TXT - .ZIP File Format Specification, PKWARE, sections 4.3 and 4.5.3.
struct ZipFile {
  /// The file.
  let file: OpenFile
  /// The entries in the order of their bytes.
  private(set) var entries: [ZipEntry] = []

  /// The bytes a zip file begins with.
  static let signature: [UInt8] = [0x50, 0x4B, 3, 4]

  /// Reads the directory.
  ///
  /// - Throws: `FileError`, `WeightsFileError`.
  init(_ file: OpenFile) throws {
    self.file = file
    let size = try file.size()
    let directory = try ZipFile.directory(file, size)
    var reader = ByteReader(file, directory.range, named: "the directory of the zip file")
    for _ in 0..<directory.count {
      if let entry = try ZipFile.entry(&reader) { entries.append(entry) }
    }
    entries.sort { ($0.header, $0.name) < ($1.header, $1.name) }
    var end = 0
    for entry in entries {
      // 30 bytes is the shortest header.
      let least = entry.header.addingReportingOverflow(entry.packedSize + 30)
      guard entry.header >= end, !least.overflow,
        least.partialValue <= directory.range.lowerBound
      else { throw damage(entry.name, "its bytes lie outside of the file or in another entry") }
      end = least.partialValue
    }
    let names = Dictionary(grouping: entries, by: \.name).filter { $0.value.count > 1 }
    if let twice = names.keys.min() { throw damage(twice, "there are two entries of this name") }
  }

  /// The entry of a name; nil where there is none.
  subscript(name: String) -> ZipEntry? { entries.first { $0.name == name } }

  /// Where an entry's bytes begin.
  func offset(of entry: ZipEntry) throws -> Int {
    let limit = min(entry.header + 30, try file.size())
    var reader = ByteReader(file, entry.header..<limit, named: entry.name)
    guard try reader.bytes(4) == ZipFile.signature else {
      throw reader.damage("no entry of a zip file begins here")
    }
    _ = try reader.bytes(22)
    let (name, extra) = (Int(try reader.integer(2)), Int(try reader.integer(2)))
    return entry.header + 30 + name + extra
  }

  /// The unpacked bytes of a small entry, its checksum compared.
  ///
  /// - Throws: `FileError`, `WeightsFileError` for an entry of more than `limit` bytes too.
  func bytes(_ entry: ZipEntry, limit: Int) throws -> [UInt8] {
    guard entry.size <= limit else {
      let sizes = "\(FileError.size(entry.size)) found, at most \(FileError.size(limit)) expected"
      throw damage(entry.name, sizes)
    }
    try verify(entry)
    return try block(entry, type: .u8, skipping: 0).load(UInt8(0), 0..<entry.size)
  }

  /// The first bytes of a deflated entry, at most so many, without its checksum.
  func beginning(_ entry: ZipEntry, most: Int = 1 << 16) throws -> [UInt8] {
    // Deflate never makes a text twice as long.
    let packed = try file.read(
      UInt8(0), count: min(entry.packedSize, 2 * most), at: try offset(of: entry))
    var bytes = [UInt8](repeating: 0, count: min(entry.size, most))
    let made = workbench_inflate(packed, UInt32(packed.count), &bytes, UInt32(bytes.count), 0)
    guard made == bytes.count else { throw damage(entry.name, "its bytes are not sound") }
    return bytes
  }

  /// An entry as numbers, without some bytes before them.
  func block(
    _ entry: ZipEntry, type: Safetensors.NumberType, skipping skipped: Int
  ) throws -> NumberBlock {
    let offset = try offset(of: entry)
    var block = NumberBlock(
      file: file, offset: entry.isDeflated ? offset : offset + skipped, type: type,
      count: max(entry.size - skipped, 0) / type.bytes)
    block.entry = entry
    if entry.isDeflated {
      block.deflated = .init(bytes: entry.packedSize, inflated: entry.size, skipped: skipped)
    }
    return block
  }

  /// Compares the checksum of an entry that is not deflated; of others it is compared when they
  /// are read.
  func verify(_ entry: ZipEntry) throws {
    guard !entry.isDeflated, entry.checksum != 0 else { return }
    let offset = try offset(of: entry)
    let part = 1 << 20
    var checksum: UInt = 0
    for start in stride(from: 0, to: entry.size, by: part) {
      let count = min(part, entry.size - start)
      let bytes = try file.read(UInt8(0), count: count, at: offset + start)
      checksum = workbench_crc32(checksum, bytes, UInt(count))
    }
    try entry.compare(checksum, in: file.path)
  }

  private func damage(_ name: String, _ reason: String) -> WeightsFileError {
    .damaged(path: file.path, place: name, reason: reason)
  }
}

extension ZipEntry {
  /// Compares a checksum with that of the directory, where there is one.
  func compare(_ found: UInt, in path: String) throws {
    guard checksum == 0 || found == UInt(checksum) else {
      throw WeightsFileError.damaged(
        path: path, place: name, reason: "its bytes are not those that its checksum was made from")
    }
  }
}
