extension Image {
  /// Copies a picture onto this one; what reaches over an edge is cut off.
  ///
  /// - Parameters:
  ///   - image: converted to this picture's channels.
  ///   - top: row of its first row, may be negative.
  ///   - left: column of its first column, may be negative.
  public mutating func paste(_ image: Image, top: Int, left: Int) {
    let rows = max(0, -top)..<max(0, -top, min(image.height, height - top))
    let columns = max(0, -left)..<max(0, -left, min(image.width, width - left))
    guard !rows.isEmpty && !columns.isEmpty else { return }
    let image = image.withChannels(channels)
    for y in rows {
      let source = (y * image.width + columns.lowerBound) * channels
      let target = ((top + y) * width + left + columns.lowerBound) * channels
      pixels.replaceSubrange(
        target..<target + columns.count * channels,
        with: image.pixels[source..<source + columns.count * channels])
    }
  }

  /// Fills the part of a rectangle that lies inside the picture.
  public mutating func fill(top: Int, left: Int, height: Int, width: Int, with color: RGB) {
    guard height > 0 && width > 0 else { return }
    paste(Image(height: height, width: width, color: color), top: top, left: left)
  }

  /// Writes one line of text; what reaches over an edge is cut off.
  ///
  /// - Parameters:
  ///   - text: printable ASCII; other characters show as a box.
  ///   - top: row of the letters' top.
  ///   - left: column of the first letter.
  ///   - scale: pixels a font cell takes along each side; letters are 5 cells wide and 7 high.
  ///   - color: of the letters; what lies behind them stays.
  public mutating func write(
    _ text: String, top: Int, left: Int, scale: Int = 1, color: RGB = .black
  ) {
    for (index, character) in text.enumerated() {
      let start = left + index * Glyphs.advance * scale
      guard start < width else { return }
      for (row, bits) in Glyphs.rows(of: character).enumerated() {
        for column in 0..<Glyphs.width where bits >> (Glyphs.width - 1 - column) & 1 == 1 {
          fill(
            top: top + row * scale, left: start + column * scale, height: scale, width: scale,
            with: color)
        }
      }
    }
  }

  /// The height and width a line of text takes, descenders included.
  ///
  /// - Parameters:
  ///   - text: one line.
  ///   - scale: pixels a font cell takes.
  /// - Returns: the size in pixels.
  public static func size(of text: String, scale: Int = 1) -> (height: Int, width: Int) {
    (Glyphs.height * scale, max(0, text.count * Glyphs.advance - 1) * scale)
  }
}
