import Foundation
import Images
import Testing

@Suite struct JPEGTests {
  /// Versions of libjpeg-turbo differ by a level in upsampling.
  static let tolerance = 1

  @Test("Decodes to Pillow's pixels", arguments: ["photo", "progressive", "grey"])
  func decodes(name: String) throws {
    let difference = try greatestDifference(fixture("\(name).jpg"), fixture("\(name)-decoded.png"))
    #expect(difference <= JPEGTests.tolerance)
  }

  @Test("A grey file has one channel, and three on request")
  func channels() throws {
    #expect(try fixture("grey.jpg").channels == 1)
    let url = fixtures.appendingPathComponent("grey.jpg")
    #expect(try Image(contentsOf: url, channels: 3).channels == 3)
  }

  @Test("Quality trades size for likeness")
  func quality() throws {
    let image = try fixture("grey.png")
    let fine = image.jpeg(quality: 100)
    let coarse = image.jpeg(quality: 20)
    #expect(coarse.count < fine.count / 2)
    #expect(try greatestDifference(Image(encoded: fine, path: "memory"), image) <= 3)
    #expect(try Image(encoded: coarse, path: "memory").channels == 1)
  }

  @Test("The file name chooses the format")
  func format() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("picture.JPEG")
      try fixture("rgba.png").write(to: url)
      #expect(try [UInt8](Data(contentsOf: url).prefix(2)) == [0xFF, 0xD8])
      #expect(try Image(contentsOf: url).channels == 3)
    }
  }
}
