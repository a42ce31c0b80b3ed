internal import CIntrinsics

/// A regular arrangement of square tiles on images with a multiple of 16 channels.
///
/// Pixel (u, v) of tile (i, j) is image pixel (`pixelStep` · (`tileStep` · i + u) + `top`, …). Tiles overlap when
/// they are larger than `tileStep`; what lies outside the image is zero, or not written.
public struct TileGrid {
  let imageHeight: Int
  let imageWidth: Int
  let channels: Int
  let rows: Int
  let columns: Int
  let tileStep: Int
  let pixelStep: Int
  let top: Int
  let left: Int

  /// Describes the arrangement; `rows` and `columns` count the tiles of one image.
  public init(
    image: (height: Int, width: Int), channels: Int, tiles: (rows: Int, columns: Int),
    tileStep: Int, pixelStep: Int, top: Int, left: Int
  ) {
    (imageHeight, imageWidth) = image
    self.channels = channels
    (rows, columns) = tiles
    self.tileStep = tileStep
    self.pixelStep = pixelStep
    self.top = top
    self.left = left
  }

  /// Where pixel (0, 0) of a tile lies, and which of its `size` pixels along each axis lie in the image.
  @inline(__always)
  func place(_ tile: Int, size: Int) -> (offset: Int, rows: Range<Int>, columns: Range<Int>) {
    let sample = tile / (rows * columns)
    let y = pixelStep * tileStep * (tile / columns % rows) + top
    let x = pixelStep * tileStep * (tile % columns) + left
    return (
      ((sample * imageHeight + y) * imageWidth + x) * channels,
      inside(y, size: size, limit: imageHeight), inside(x, size: size, limit: imageWidth)
    )
  }

  @inline(__always)
  private func inside(_ start: Int, size: Int, limit: Int) -> Range<Int> {
    let first = start >= 0 ? 0 : (-start + pixelStep - 1) / pixelStep
    let end = start >= limit ? 0 : min(size, (limit - 1 - start) / pixelStep + 1)
    return first..<max(first, end)
  }
}

/// A small matrix, row-major, that is applied to the rows and to the columns of a tile.
public struct TileMatrix {
  let rows: Int
  let columns: Int
  let numbers: UnsafePointer<Float>

  /// Wraps numbers that outlive the call of the kernel.
  public init(rows: Int, columns: Int, numbers: UnsafePointer<Float>) {
    self.rows = rows
    self.columns = columns
    self.numbers = numbers
  }
}

/// Points of transformed tiles: matrix p holds one row per tile, number (i, j) of the tile being p = i · size + j.
public struct TilePoints {
  let numbers: UnsafeMutablePointer<Float>
  let pointStride: Int
  let rowStride: Int
  let column: Int

  /// Wraps memory: floats between two matrices, between two rows, and before the first channel of a row.
  public init(
    _ numbers: UnsafeMutablePointer<Float>, pointStride: Int, rowStride: Int, column: Int
  ) {
    self.numbers = numbers
    self.pointStride = pointStride
    self.rowStride = rowStride
    self.column = column
  }
}

/// Floats left free between the matrices of neighbouring points: sizes are often powers of two, and equal places of all
/// matrices, which are written together, would compete for the same few lines of a cache.
public let pointGap = 80

private typealias Lanes = SIMD16<Float>

/// Transforms tiles of an image: `points = matrix · tile · matrixᵀ`, for each channel.
///
/// Row 0 of the points belongs to tile `first`.
public func spreadTiles(
  _ grid: TileGrid, image: UnsafePointer<Float>, matrix: TileMatrix, tiles: Range<Int>, first: Int,
  into points: TilePoints
) {
  let (rows, size) = (matrix.rows, matrix.columns)
  let lineStep = grid.pixelStep * grid.imageWidth * grid.channels
  let pixelStep = grid.pixelStep * grid.channels
  let next = grid.tileStep * pixelStep
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: rows * size) { half in
    for tile in tiles {
      let place = grid.place(tile, size: size)
      let corner = image + place.offset
      let target = points.numbers + (tile - first) * points.rowStride + points.column
      for channel in stride(from: 0, to: grid.channels, by: 16) {
        for v in place.columns {
          let line = corner + v * pixelStep + channel
          for u in place.rows { intrinsic_prefetch(line + u * lineStep + next) }
          for i in 0..<rows {
            var sum = Lanes.zero
            for u in place.rows {
              let factor = matrix.numbers[i * size + u]
              if factor != 0 { sum += load(line + u * lineStep) * factor }
            }
            half[i * size + v] = sum
          }
        }
        for i in 0..<rows {
          for j in 0..<rows {
            var sum = Lanes.zero
            for v in place.columns {
              let factor = matrix.numbers[j * size + v]
              if factor != 0 { sum += half[i * size + v] * factor }
            }
            store(sum, target + (i * rows + j) * points.pointStride + channel)
          }
        }
      }
    }
  }
}

/// Transforms points back into the tiles of an image: `tile = matrix · points · matrixᵀ + bias`.
public func collectTiles(
  _ grid: TileGrid, points: TilePoints, matrix: TileMatrix, tiles: Range<Int>, first: Int,
  bias: UnsafePointer<Float>?, into image: UnsafeMutablePointer<Float>
) {
  let (size, columns) = (matrix.rows, matrix.columns)
  let lineStep = grid.pixelStep * grid.imageWidth * grid.channels
  let pixelStep = grid.pixelStep * grid.channels
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: size * columns) { half in
    for tile in tiles {
      let place = grid.place(tile, size: size)
      let corner = image + place.offset
      let source = points.numbers + (tile - first) * points.rowStride + points.column
      for channel in stride(from: 0, to: grid.channels, by: 16) {
        let start = bias.map { load($0 + channel) } ?? Lanes.zero
        for j in 0..<columns {
          for i in 0..<columns {
            intrinsic_prefetch(
              source + (i * columns + j) * points.pointStride + channel + points.rowStride)
          }
          for u in place.rows {
            var sum = Lanes.zero
            for i in 0..<columns {
              let factor = matrix.numbers[u * columns + i]
              if factor != 0 {
                sum += load(source + (i * columns + j) * points.pointStride + channel) * factor
              }
            }
            half[u * columns + j] = sum
          }
        }
        for u in place.rows {
          for v in place.columns {
            var sum = start
            for j in 0..<columns {
              let factor = matrix.numbers[v * columns + j]
              if factor != 0 { sum += half[u * columns + j] * factor }
            }
            store(sum, corner + u * lineStep + v * pixelStep + channel)
          }
        }
      }
    }
  }
}

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>) -> Lanes {
  UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}

@inline(__always)
private func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Lanes.self)
}
