public import Images
import Testing

/// The pictures of a grid of equal ones that `Image.grid` made, row by row.
///
/// Where each lies is found by what `Image.grid` does with plain pictures.
///
/// - Parameters:
///   - sheet: the grid.
///   - rows: rows of pictures.
///   - columns: pictures in a row.
///   - height: of each picture.
///   - width: of each picture.
///   - labels: the columns' titles.
/// - Returns: a list of pictures a row.
/// - Throws: where the sheet has another size than such a grid.
public func gridCells(
  _ sheet: Image, rows: Int, columns: Int, height: Int, width: Int, labels: [String]
) throws -> [[Image]] {
  try (0..<rows).map { row in
    try (0..<columns).map { column in
      let marked = (0..<rows).map { y in
        (0..<columns).map { x in
          Image(
            height: height, width: width,
            color: y == row && x == column ? RGB(1, 2, 3) : .black)
        }
      }
      let key = Image.grid(marked, columnLabels: labels)
      try #require((sheet.width, sheet.height) == (key.width, key.height))
      let found = (0..<key.height * key.width).filter {
        (key.pixels[3 * $0], key.pixels[3 * $0 + 1], key.pixels[3 * $0 + 2]) == (1, 2, 3)
      }
      try #require(found.count == height * width)
      return Image(
        height: height, width: width, channels: 3,
        pixels: found.flatMap { sheet.pixels[3 * $0..<3 * $0 + 3] })
    }
  }
}
