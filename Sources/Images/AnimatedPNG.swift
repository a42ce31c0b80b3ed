import Foundation

extension Image {
  /// Encodes a PNG that moves, over and over; programs that know no animation show its first image.
  ///
  /// The frames are the data of plain PNGs, each behind a control chunk: `acTL`, then `fcTL` with
  /// `IDAT` for the first frame and with `fdAT` for the others.
  /// Source: PNG specification, third edition, section 11.3.6, "Animation information".
  ///
  /// - Parameters:
  ///   - frames: images of one size and one number of channels, at least one.
  ///   - seconds: how long each is seen, in milliseconds' steps, 0.001...65.
  /// - Returns: a complete file.
  public static func animatedPNG(_ frames: [Image], secondsPerFrame seconds: Double) -> Data {
    guard let first = frames.first else {
      preconditionFailure("[animatedPNG] found no images, expected at least one")
    }
    for frame in frames {
      precondition(
        (frame.height, frame.width, frame.channels) == (first.height, first.width, first.channels),
        "[animatedPNG] found images of \(frame.height)x\(frame.width)x\(frame.channels) and "
          + "\(first.height)x\(first.width)x\(first.channels), expected one size")
    }
    precondition(
      (0.001...65).contains(seconds), "[animatedPNG] found \(seconds) s, expected 0.001...65")
    var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var sequence: UInt32 = 0
    for (number, frame) in frames.enumerated() {
      let chunks = PNGChunk.chunks(of: frame.png())
      if number == 0, let header = chunks.first(where: { $0.type == "IHDR" }) {
        file += header.encoded
        file +=
          PNGChunk("acTL", UInt32(frames.count).bigEndianBytes + UInt32(0).bigEndianBytes)
          .encoded
      }
      file += control(frame, sequence, seconds).encoded
      sequence += 1
      for chunk in chunks where chunk.type == "IDAT" {
        guard number > 0 else {
          file += chunk.encoded
          continue
        }
        file += PNGChunk("fdAT", sequence.bigEndianBytes + chunk.data).encoded
        sequence += 1
      }
    }
    return file + PNGChunk("IEND", []).encoded
  }

  /// A frame that replaces the whole picture.
  private static func control(_ frame: Image, _ sequence: UInt32, _ seconds: Double) -> PNGChunk {
    let sizes = [sequence, UInt32(frame.width), UInt32(frame.height), 0, 0]
    let milliseconds = UInt32((seconds * 1000).rounded())
    // Two halves of 16 bits: the delay, and the 1000 it is divided by; then neither disposal nor
    // blending.
    let delay = (milliseconds << 16 | 1000).bigEndianBytes
    return PNGChunk("fcTL", sizes.flatMap(\.bigEndianBytes) + delay + [0, 0])
  }
}

/// A piece of a PNG file: its type of four letters, and its data.
struct PNGChunk {
  let type: String
  let data: [UInt8]

  init(_ type: String, _ data: [UInt8]) {
    (self.type, self.data) = (type, data)
  }

  /// The chunks of a well-formed file, in order.
  static func chunks(of file: Data) -> [PNGChunk] {
    let bytes = [UInt8](file)
    var chunks: [PNGChunk] = []
    var place = 8
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let type = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
      chunks.append(PNGChunk(type, Array(bytes[place + 8..<place + 8 + length])))
      place += length + 12
    }
    return chunks
  }

  /// Length, type, data and checksum.
  var encoded: Data {
    let body = Array(type.utf8) + data
    return Data(UInt32(data.count).bigEndianBytes + body + PNGChunk.checksum(body).bigEndianBytes)
  }

  /// The cyclic redundancy check of ISO 3309, polynomial 0xEDB88320.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8)
    }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }
}

extension UInt32 {
  /// Four bytes, the greatest first.
  fileprivate var bigEndianBytes: [UInt8] {
    [UInt8(self >> 24), UInt8(self >> 16 & 0xFF), UInt8(self >> 8 & 0xFF), UInt8(self & 0xFF)]
  }
}
