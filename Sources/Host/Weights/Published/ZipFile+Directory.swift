extension ZipFile {
  private static let longestComment = 65535
  private static let mostEntries = 1_000_000

  /// Finds the directory by what stands at the end of the file.
  static func directory(_ file: OpenFile, _ size: Int) throws -> (range: Range<Int>, count: Int) {
    let start = max(0, size - 22 - longestComment)
    let tail = try file.read(UInt8(0), count: size - start, at: start)
    let places = stride(from: tail.count - 22, through: 0, by: -1)
    let place = places.first { isEnd(tail, at: $0) }
    guard let place else {
      throw WeightsFileError.damaged(
        path: file.path, place: "byte \(size)",
        reason: "the file ends without the directory of a zip file")
    }
    var end = ByteReader(file, (start + place)..<size, named: "the end of the zip file")
    _ = try end.bytes(4)
    let disks = try end.integer(4)
    _ = try end.integer(2)
    var count = try end.integer(2)
    var bytes = try end.integer(4)
    var offset = try end.integer(4)
    let limit = start + place
    if count == 0xFFFF || bytes == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      (count, bytes, offset) = try large(file, before: limit)
    }
    let (last, overflows) = offset.addingReportingOverflow(bytes)
    guard disks == 0, !overflows, last <= UInt64(limit), count <= UInt64(mostEntries) else {
      throw end.damage("its directory of \(count) entries does not lie in the file")
    }
    return (Int(offset)..<Int(last), Int(count))
  }

  /// Whether the end of a directory begins here, and its comment ends with the file.
  private static func isEnd(_ tail: [UInt8], at place: Int) -> Bool {
    guard Array(tail[place..<(place + 4)]) == [0x50, 0x4B, 5, 6] else { return false }
    let comment = Int(tail[place + 20]) | Int(tail[place + 21]) << 8
    return place + 22 + comment == tail.count
  }

  /// Count, length and place of the directory of a file with large fields.
  private static func large(
    _ file: OpenFile, before limit: Int
  ) throws -> (count: UInt64, bytes: UInt64, offset: UInt64) {
    let name = "the end of the large zip file"
    var locator = ByteReader(file, max(0, limit - 20)..<limit, named: name)
    guard try locator.integer(4) == 0x0706_4B50 else {
      throw locator.damage("the place of its directory is missing")
    }
    _ = try locator.integer(4)
    let place = try locator.integer(8)
    guard place <= UInt64(limit) else { throw locator.damage("its end lies outside of the file") }
    var end = ByteReader(file, Int(place)..<limit, named: name)
    guard try end.integer(4) == 0x0606_4B50 else { throw end.damage("its end is missing") }
    _ = try end.bytes(28)
    return (try end.integer(8), try end.integer(8), try end.integer(8))
  }

  /// Reads the entry at the reader's place; nil for a folder.
  static func entry(_ reader: inout ByteReader) throws -> ZipEntry? {
    guard try reader.integer(4) == 0x0201_4B50 else {
      throw reader.damage("no entry of the directory begins here")
    }
    _ = try reader.integer(4)
    let flags = try reader.integer(2)
    let method = try reader.integer(2)
    _ = try reader.integer(4)
    let checksum = UInt32(try reader.integer(4))
    var (packed, size) = (try reader.integer(4), try reader.integer(4))
    let lengths = (try reader.integer(2), try reader.integer(2), try reader.integer(2))
    let disk = try reader.integer(2)
    _ = try reader.bytes(6)
    var header = try reader.integer(4)
    let name = String(decoding: try reader.bytes(Int(lengths.0)), as: UTF8.self)
    let extra = try reader.bytes(Int(lengths.1))
    _ = try reader.bytes(Int(lengths.2))
    try widen(extra, &size, &packed, &header, reader)
    guard flags & 1 == 0 else { throw reader.damage("\(name) is encrypted") }
    guard method == 0 || method == 8 else {
      throw reader.damage("\(name) is packed by method \(method), expected 0 or 8")
    }
    let sizes = [size, packed, header]
    guard disk == 0, sizes.allSatisfy({ $0 < 1 << 48 }), method == 8 || size == packed,
      method == 0 || (size < 1 << 32 && packed < 1 << 32)
    else { throw reader.damage("the sizes of \(name) are not valid") }
    // Deflate gains no more than this; a larger size is no entry but a trap.
    guard size <= 1040 * packed + 1040 else {
      throw reader.damage("\(name) claims \(size) bytes, packed as \(packed)")
    }
    if name.hasSuffix("/") { return nil }
    return ZipEntry(
      name: name, size: Int(size), packedSize: Int(packed), isDeflated: method == 8,
      checksum: checksum, header: Int(header))
  }

  /// Puts the large fields of an entry in the place of those that are full of ones.
  private static func widen(
    _ extra: [UInt8], _ size: inout UInt64, _ packed: inout UInt64, _ header: inout UInt64,
    _ reader: ByteReader
  ) throws {
    let full: UInt64 = 0xFFFF_FFFF
    guard size == full || packed == full || header == full else { return }
    var fields = ByteReader(extra, path: reader.path, named: "the directory of the zip file")
    while fields.left >= 4 {
      let kind = try fields.integer(2)
      let length = try fields.length(2)
      guard kind == 1 else {
        _ = try fields.bytes(length)
        continue
      }
      if size == full { size = try fields.integer(8) }
      if packed == full { packed = try fields.integer(8) }
      if header == full { header = try fields.integer(8) }
      return
    }
    throw fields.damage("the sizes of a large entry are missing")
  }
}
