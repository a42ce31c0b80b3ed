import Images
import Testing

@Suite struct ResizeTests {
  /// Pillow rounds the same integers; one level is left for its choice of instructions.
  static let tolerance = 1

  @Test("Agrees with Pillow in colour", arguments: ["13x17", "61x90", "40x29", "97x56"])
  func colour(size: String) throws {
    for (name, filter) in [("bilinear", ResizeFilter.bilinear), ("bicubic", .bicubic)] {
      let expected = try fixture("\(name)-\(size).png")
      let found = try fixture("colour.png")
        .resized(height: expected.height, width: expected.width, filter: filter)
      #expect(greatestDifference(found, expected) <= ResizeTests.tolerance)
    }
  }

  @Test("Agrees with Pillow in grey and under opacity", arguments: ["bilinear", "bicubic"])
  func otherChannels(name: String) throws {
    let filter: ResizeFilter = name == "bicubic" ? .bicubic : .bilinear
    let grey = try fixture("grey.png").resized(height: 11, width: 64, filter: filter)
    #expect(
      try greatestDifference(grey, fixture("grey-\(name)-11x64.png")) <= ResizeTests.tolerance)
    let rgba = try fixture("rgba.png").resized(height: 25, width: 20, filter: filter)
    #expect(
      try greatestDifference(rgba, fixture("rgba-\(name)-25x20.png")) <= ResizeTests.tolerance)
  }

  @Test("Nearest takes the source pixel under the middle of the new one, as Pillow does")
  func nearest() {
    let map = LabelImage(height: 1, width: 5, labels: [10, 11, 12, 13, 14])
    #expect(map.resized(height: 1, width: 3).labels == [10, 12, 14])
    #expect(map.resized(height: 2, width: 7).labels[7...] == [10, 11, 11, 12, 13, 13, 14])
    let image = Image(height: 1, width: 2, channels: 3, pixels: [1, 2, 3, 4, 5, 6])
    let wide = image.resized(height: 1, width: 4, filter: .nearest)
    #expect(wide.pixels == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
  }

  @Test("A picture of one pixel grows to one colour", arguments: ResizeFilter.allCases)
  func single(filter: ResizeFilter) {
    let image = Image(height: 1, width: 1, channels: 1, pixels: [200])
    #expect(
      image.resized(height: 3, width: 2, filter: filter).pixels == Array(repeating: 200, count: 6))
  }
}
