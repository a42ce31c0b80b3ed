import Foundation
import Images
import Testing

@Suite struct PNGTests {
  @Test("An interlaced file gives the pixels of the plain one")
  func interlaced() throws {
    #expect(try fixture("interlaced.png") == fixture("colour.png"))
    let plain = try LabelImage(contentsOf: fixtures.appendingPathComponent("grey16.png"))
    #expect(
      try LabelImage(contentsOf: fixtures.appendingPathComponent("interlaced16.png")) == plain)
  }

  @Test("A palette file is read as colours, and as indices")
  func palette() throws {
    #expect(try fixture("palette.png") == fixture("palette-colours.png"))
    let labels = try LabelImage(contentsOf: fixtures.appendingPathComponent("palette.png"))
    for (y, x) in [(0, 0), (9, 17), (39, 55)] {
      #expect(labels[y, x] == UInt16((y / 8 + x / 8) % 12 + 1))
    }
    #expect(labels.greatest == 11)
  }

  @Test("Transparency in a palette becomes a fourth channel, and leaves indices alone")
  func transparency() throws {
    let image = try fixture("palette-transparent.png")
    #expect(image.channels == 4)
    #expect(image[0, 0, 3] == 255)
    #expect(image[16, 0, 3] == 0)
    #expect(try image.withChannels(3) == fixture("palette-colours.png"))
    let labels = try LabelImage(
      contentsOf: fixtures.appendingPathComponent("palette-transparent.png"))
    #expect(labels[16, 0] == 3)
  }

  @Test("One-bit grey is black and white as a picture, 0 and 1 as labels")
  func bits() throws {
    let image = try fixture("grey1.png")
    let labels = try LabelImage(contentsOf: fixtures.appendingPathComponent("grey1.png"))
    #expect(image.channels == 1)
    #expect(Set(image.pixels) == [0, 255])
    #expect(zip(image.pixels, labels.labels).allSatisfy { UInt16($0) == $1 * 255 })
  }

  @Test("16 bits are rounded to 8 in pictures and exact in labels")
  func sixteenBits() throws {
    #expect(try greatestDifference(fixture("colour16.png"), fixture("colour.png")) == 0)
    let labels = try LabelImage(contentsOf: fixtures.appendingPathComponent("grey16.png"))
    #expect(labels[0, 55] == 55)
    #expect(labels[39, 55] == 39_055)
  }

  @Test("What is written is read back exactly", arguments: ["colour.png", "grey.png", "rgba.png"])
  func roundTrip(name: String) throws {
    try withTemporaryFolder { folder in
      let image = try fixture(name)
      let url = folder.appendingPathComponent("copy.png")
      try image.write(to: url)
      #expect(try Image(contentsOf: url) == image)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["copy.png"])
    }
  }

  @Test("Labels are written as 8 bits, as 16 bits, and with a palette")
  func labelRoundTrip() throws {
    let palette = Palette.distinct(12)
    for (labels, palette) in [
      ([0, 3, 11, 5], palette), ([0, 3, 255, 5], nil), ([9, 65_535, 1, 2], nil),
    ]
      as [([UInt16], Palette?)]
    {
      let map = LabelImage(height: 2, width: 2, labels: labels)
      #expect(try LabelImage(encoded: map.png(palette: palette), path: "memory") == map)
      if let palette {
        let image = try Image(encoded: map.png(palette: palette), path: "memory")
        #expect(image == palette.colored(map))
      }
    }
  }
}
