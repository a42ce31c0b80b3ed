import Foundation
import Images
import Testing

@Suite struct DamageTests {
  /// A file of every kind, small enough that thousands are decoded in a second.
  static let samples = [
    "colour.png", "rgba.png", "palette.png", "palette-transparent.png", "grey1.png", "grey16.png",
    "interlaced.png", "interlaced16.png", "colour16.png", "photo.jpg", "progressive.jpg",
    "grey.jpg", "cmyk.jpg",
  ]

  @Test("A file cut short anywhere is an error that names it", arguments: samples)
  func truncated(name: String) throws {
    let data = try Data(contentsOf: fixtures.appendingPathComponent(name))
    for count in stride(from: 0, to: data.count - 2, by: 7) {
      let error = #expect(throws: ImageError.self) {
        try Image(encoded: data.prefix(count), path: "some/\(name)")
      }
      #expect(error?.description.hasPrefix("some/\(name): found ") == true)
      #expect(throws: ImageError.self) {
        try LabelImage(encoded: data.prefix(count), path: name)
      }
    }
  }

  @Test("Random damage is an error or a picture, never a crash", arguments: samples)
  func corrupted(name: String) throws {
    let data = try Data(contentsOf: fixtures.appendingPathComponent(name))
    var random = SplitMix(state: 42)
    for _ in 0..<400 {
      var damaged = data
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        // The head decides sizes and kinds, so half of all damage goes there.
        let end = Bool.random(using: &random) ? min(64, damaged.count) : damaged.count
        let place = Int.random(in: 2..<end, using: &random)
        damaged[damaged.startIndex + place] = UInt8.random(in: 0...255, using: &random)
      }
      if name.hasSuffix("png") && Bool.random(using: &random) { repairChecksums(&damaged) }
      if let image = try? Image(encoded: damaged, path: name) {
        #expect(image.pixels.count == image.height * image.width * image.channels)
      }
      _ = try? LabelImage(encoded: damaged, path: name)
    }
  }

  @Test("A picture too large for memory is refused by its head alone")
  func tooLarge() throws {
    var png = try Data(contentsOf: fixtures.appendingPathComponent("colour.png"))
    png.replaceSubrange(16..<24, with: [0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50])
    repairChecksums(&png)
    #expect(
      throws: ImageError.tooLarge(
        path: "x.png", found: "a picture of 50000x50000 pixels", limit: "134217728 pixels")
    ) { try Image(encoded: png, path: "x.png") }
    png.replaceSubrange(16..<24, with: [0, 0, 0x20, 0, 0, 0, 0x20, 0])
    repairChecksums(&png)
    let error = #expect(throws: ImageError.self) { try Image(encoded: png, path: "x.png") }
    #expect(error?.description.contains("cannot hold the 8192x8192 pixels") == true)
  }

  @Test("CMYK, colour where labels belong, and other formats say what to do")
  func unsupported() throws {
    let cmyk = #expect(throws: ImageError.self) { try fixture("cmyk.jpg") }
    #expect(cmyk?.description.contains("JPEG of 4 channels (CMYK, for print)") == true)
    #expect(cmyk?.description.contains("Convert it to RGB") == true)
    let colour = #expect(throws: ImageError.self) {
      try LabelImage(contentsOf: fixtures.appendingPathComponent("colour.png"))
    }
    #expect(colour?.description.contains("expected labels in a PNG of 1 channel") == true)
    #expect(throws: ImageError.unknownFormat(path: "a", found: "a GIF file")) {
      try Image(encoded: Data("GIF89a".utf8), path: "a")
    }
    #expect(throws: ImageError.empty(path: "a")) { try Image(encoded: Data(), path: "a") }
  }

  @Test("An absent file, a folder and an unwritable place are errors that name them")
  func places() throws {
    let absent = fixtures.appendingPathComponent("absent.png")
    #expect(throws: ImageError.unreadable(path: absent.path, found: "no such file")) {
      try Image(contentsOf: absent)
    }
    #expect(throws: ImageError.unreadable(path: fixtures.path, found: "a folder")) {
      try Image(contentsOf: fixtures)
    }
    #expect(throws: ImageError.unreadable(path: "/dev/zero", found: "a special file")) {
      try Image(contentsOf: URL(fileURLWithPath: "/dev/zero"))
    }
    let error = #expect(throws: ImageError.self) {
      try fixture("colour.png").write(to: fixtures.appendingPathComponent("no/such/folder.png"))
    }
    #expect(error?.description.contains("no/such/folder.png: cannot be written") == true)
  }
}

/// Puts the right checksum behind each chunk, so that damage reaches the code behind the check.
private func repairChecksums(_ png: inout Data) {
  var place = 8
  while place + 12 <= png.count {
    let length = png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    guard place + 12 + length <= png.count else { return }
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in png[place + 4..<place + 8 + length] {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    checksum = ~checksum
    for index in 0..<4 {
      png[place + 8 + length + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * index))
    }
    place += 12 + length
  }
}

/// SplitMix64: the same damage in each run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
