import Foundation
import Images
import Testing

@Suite("PNGs that move") struct AnimatedPNGTests {
  private let frames = (0..<3).map { number in
    Image(
      height: 5, width: 7, channels: 3,
      pixels: (0..<105).map { UInt8(truncatingIfNeeded: $0 * (number + 2)) })
  }

  private func chunks(_ file: Data) -> [(type: String, data: [UInt8], sum: UInt32)] {
    let bytes = [UInt8](file)
    var (chunks, place) = ([(type: String, data: [UInt8], sum: UInt32)](), 8)
    while place < bytes.count {
      let length = number(bytes[place..<place + 4])
      let end = place + 8 + Int(length)
      chunks.append(
        (
          String(decoding: bytes[place + 4..<place + 8], as: UTF8.self),
          Array(bytes[place + 8..<end]), number(bytes[end..<end + 4])
        ))
      place = end + 4
    }
    return chunks
  }

  private func number(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The checksum bit by bit, without a table.
  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  @Test("Each frame holds the data of its own PNG, behind a control chunk; sums are right")
  func structure() throws {
    let found = chunks(Image.animatedPNG(frames, secondsPerFrame: 0.25))
    #expect(
      found.map(\.type) == [
        "IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND",
      ])
    #expect(found[1].data == [0, 0, 0, 3, 0, 0, 0, 0])
    #expect(
      found[2].data == [0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 5] + Array(repeating: 0, count: 8) + [
        0, 250, 3, 232, 0, 0,
      ])
    let sequence = found.filter { ["fcTL", "fdAT"].contains($0.type) }.map { number($0.data[..<4]) }
    #expect(sequence == [0, 1, 2, 3, 4])
    for (place, frame) in zip([5, 7], frames.dropFirst()) {
      let plain = chunks(frame.png()).filter { $0.type == "IDAT" }.flatMap(\.data)
      #expect(Array(found[place].data.dropFirst(4)) == plain)
    }
    for chunk in found { #expect(checksum(Array(chunk.type.utf8) + chunk.data) == chunk.sum) }
  }

  @Test("A program that knows no animation reads the first frame")
  func first() throws {
    let file = Image.animatedPNG(frames, secondsPerFrame: 1)
    #expect(try Image(encoded: file, path: "film.png") == frames[0])
  }
}
