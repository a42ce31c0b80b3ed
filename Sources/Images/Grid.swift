extension Image {
  /// Arranges pictures in rows and columns, with space between and labels above and beside.
  ///
  /// Pictures of different sizes are centred in cells of the largest height and width; all become
  /// colour with three channels. A row may be shorter than the others.
  ///
  /// - Parameters:
  ///   - rows: pictures by rows; at least one.
  ///   - columnLabels: text above each column, cut to its width; none, or as many as wished.
  ///   - rowLabels: text to the left of each row.
  ///   - padding: pixels around each cell.
  ///   - background: what shows between.
  /// - Returns: one picture, three channels.
  public static func grid(
    _ rows: [[Image]], columnLabels: [String] = [], rowLabels: [String] = [], padding: Int = 2,
    background: RGB = .white
  ) -> Image {
    let all = rows.joined()
    precondition(!all.isEmpty, "[grid] needs at least one picture")
    let cell = (
      height: all.map(\.height).max() ?? 0, width: all.map(\.width).max() ?? 0
    )
    let columns = rows.map(\.count).max() ?? 0
    let scale = max(1, min(cell.height, cell.width) / 128)
    let text: RGB =
      Int(background.red) + Int(background.green) + Int(background.blue) > 382
      ? .black : .white
    let left = rowLabels.map { Image.size(of: $0, scale: scale).width + 2 * scale }.max() ?? 0
    let lineHeight = Image.size(of: "", scale: scale).height
    let top = columnLabels.isEmpty ? 0 : lineHeight + scale

    var sheet = Image(
      height: top + padding + rows.count * (cell.height + padding),
      width: left + padding + columns * (cell.width + padding), color: background)
    for (column, label) in columnLabels.prefix(columns).enumerated() {
      let fitting = label.prefix(max(1, (cell.width + scale) / (Glyphs.advance * scale)))
      let free = cell.width - Image.size(of: String(fitting), scale: scale).width
      sheet.write(
        String(fitting), top: padding,
        left: left + padding + column * (cell.width + padding) + free / 2,
        scale: scale, color: text)
    }
    for (y, row) in rows.enumerated() {
      let cellTop = top + padding + y * (cell.height + padding)
      if y < rowLabels.count {
        sheet.write(
          rowLabels[y], top: cellTop + (cell.height - lineHeight) / 2, left: padding, scale: scale,
          color: text)
      }
      for (x, image) in row.enumerated() {
        let cellLeft = left + padding + x * (cell.width + padding)
        sheet.paste(
          image, top: cellTop + (cell.height - image.height) / 2,
          left: cellLeft + (cell.width - image.width) / 2)
      }
    }
    return sheet
  }

  /// Arranges pictures from left to right in rows of `columns`.
  ///
  /// - Parameters:
  ///   - images: at least one.
  ///   - columns: pictures a row; by default as square a sheet as their number allows.
  ///   - padding: pixels around each cell.
  /// - Returns: one picture, three channels.
  public static func grid(_ images: [Image], columns: Int? = nil, padding: Int = 2) -> Image {
    let columns = columns ?? Int(Double(images.count).squareRoot().rounded(.up))
    precondition(columns > 0, "[grid] needs at least one picture and one column")
    let rows = stride(from: 0, to: images.count, by: columns).map {
      Array(images[$0..<min($0 + columns, images.count)])
    }
    return grid(rows, padding: padding)
  }
}
