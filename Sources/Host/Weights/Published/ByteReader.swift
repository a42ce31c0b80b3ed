/// Reads bytes one after another, from a stretch of a file or from memory.
struct ByteReader {
  private let file: OpenFile?
  let path: String
  /// What messages call the bytes: `archive/data.pkl`, or the file's own.
  private let name: String
  private var buffer: [UInt8]
  /// The position of the buffer's first byte, and of what is read next within the buffer.
  private var start: Int
  private var next = 0
  private let end: Int
  private static let most = 1 << 16

  /// Reads a stretch of a file, a buffer at a time.
  init(_ file: OpenFile, _ range: Range<Int>, named name: String) {
    (self.file, path, self.name) = (file, file.path, name)
    (buffer, start, end) = ([], range.lowerBound, range.upperBound)
  }

  /// Reads bytes in memory.
  init(_ bytes: [UInt8], path: String, named name: String) {
    (file, self.path, self.name) = (nil, path, name)
    (buffer, start, end) = (bytes, 0, bytes.count)
  }

  /// Where the next byte lies.
  var position: Int { start + next }
  /// How many bytes are left.
  var left: Int { end - position }

  /// The next byte.
  mutating func byte() throws -> UInt8 {
    if next == buffer.count { try fill() }
    next += 1
    return buffer[next - 1]
  }

  /// The next bytes.
  mutating func bytes(_ count: Int) throws -> [UInt8] {
    guard count >= 0, count <= left else { throw cut(count) }
    if count <= buffer.count - next {
      next += count
      return Array(buffer[(next - count)..<next])
    }
    // More than the buffer holds, so there is a file.
    let bytes = try file?.read(UInt8(0), count: count, at: position) ?? []
    (start, buffer, next) = (position + count, [], 0)
    return bytes
  }

  /// The next whole number of so many bytes, little endian; at most 8.
  mutating func integer(_ count: Int) throws -> UInt64 {
    try bytes(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number of bytes that follow, which must be there.
  mutating func length(_ count: Int) throws -> Int {
    let length = try integer(count)
    guard length <= UInt64(left) else { throw cut(Int(clamping: length)) }
    return Int(length)
  }

  /// The text up to the end of the line, which is left out.
  mutating func line() throws -> String {
    var bytes: [UInt8] = []
    while true {
      let byte = try byte()
      if byte == .ascii("\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
      guard bytes.count <= 1000 else { throw damage("a line of more than 1000 characters") }
    }
  }

  private mutating func fill() throws {
    guard left > 0, let file else { throw cut(1) }
    start = position
    (buffer, next) = (try file.read(UInt8(0), count: min(left, ByteReader.most), at: start), 0)
  }

  private func cut(_ count: Int) -> WeightsFileError {
    damage("the data end here, \(count) more bytes expected, found \(left)")
  }

  /// An error about this place.
  func damage(_ reason: String) -> WeightsFileError {
    .damaged(path: path, place: place, reason: reason)
  }

  /// An error about a function or class that is not on the list.
  func forbidden(_ name: String) -> WeightsFileError {
    .forbidden(path: path, place: place, name: name)
  }

  private var place: String { name.isEmpty ? "byte \(position)" : "\(name), byte \(position)" }
}
