internal import CZlib

/// Writes a zip file whose entries lie there as they are, numbers at multiples of 64 bytes.
struct ZipWriter {
  private let file: OpenFile
  private var offset = 0
  private var directory: [UInt8] = []
  private var count = 0

  /// Begins a zip file.
  init(_ file: OpenFile) { self.file = file }

  /// Writes an entry: some bytes, and numbers after these.
  ///
  /// - Throws: `FileError`, and `WeightsFileError` beyond 4 GB, where another layout would begin.
  mutating func add(_ name: String, _ bytes: [UInt8], _ values: [Float] = []) throws {
    var checksum = workbench_crc32(0, bytes, UInt(bytes.count))
    checksum = workbench_crc32(checksum, values, UInt(4 * values.count))
    let size = bytes.count + 4 * values.count
    let text = Array(name.utf8)
    let start = offset + 30 + text.count + 4
    let padding = (64 - start % 64) % 64
    let end = start + padding + size
    guard end + directory.count < 1 << 32 - 1 << 20, count < 65000 else {
      throw WeightsFileError.unsupported(
        path: file.path, reason: "more than 4 GB or 65,000 tensors do not fit into this format",
        cure: "write a .safetensors file")
    }
    var fields: [UInt8] = []
    // Version 1.0, names in UTF-8, no packing, no time.
    for (value, bytes) in [(10, 2), (1 << 11, 2), (0, 2), (0, 2), (0x21, 2)] {
      fields.append(value, bytes)
    }
    for value in [Int(checksum), size, size] { fields.append(value, 4) }
    fields.append(text.count, 2)
    var header = ZipFile.signature + fields
    header.append(padding + 4, 2)
    header += text
    // A field of our own, which readers pass over.
    header.append(0x4246, 2)
    header.append(padding, 2)
    header += [UInt8](repeating: 0, count: padding)
    try file.write(header + bytes)
    if !values.isEmpty { try file.write(values) }

    directory.append(0x0201_4B50, 4)
    directory.append(10, 2)
    directory += fields
    directory += [UInt8](repeating: 0, count: 12)
    directory.append(offset, 4)
    directory += text
    (offset, count) = (end, count + 1)
  }

  /// Writes the directory.
  func finish() throws {
    var end: [UInt8] = []
    end.append(0x0605_4B50, 4)
    for (value, bytes) in [
      (0, 4), (count, 2), (count, 2), (directory.count, 4), (offset, 4), (0, 2),
    ] { end.append(value, bytes) }
    try file.write(directory + end)
  }
}

extension [UInt8] {
  /// Adds a whole number of so many bytes, little endian.
  mutating func append(_ value: Int, _ bytes: Int) {
    for index in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}
