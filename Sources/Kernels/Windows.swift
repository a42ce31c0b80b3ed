/// How the pixels of a grid look at windows of an image, as in a convolution.
///
/// Grid pixel (i, j) sees image pixels (i·stride + u·dilation - padding, …) for each tap (u, v) of the kernel.
/// Its *window row* holds what it sees: `[kH, kW, C]`, or `[C, kH, kW]` with `channelsFirst`.
public struct WindowMap {
  let imageHeight: Int
  let imageWidth: Int
  let channels: Int
  let gridHeight: Int
  let gridWidth: Int
  let kernelHeight: Int
  let kernelWidth: Int
  let strideY: Int
  let strideX: Int
  let dilationY: Int
  let dilationX: Int
  let paddingTop: Int
  let paddingLeft: Int
  let channelsFirst: Bool

  /// Describes the windows; `channelsFirst` is the order within a window row.
  public init(
    image: (height: Int, width: Int), channels: Int, grid: (height: Int, width: Int),
    kernel: (height: Int, width: Int), stride: (y: Int, x: Int), dilation: (y: Int, x: Int),
    padding: (top: Int, left: Int), channelsFirst: Bool
  ) {
    (imageHeight, imageWidth) = image
    self.channels = channels
    (gridHeight, gridWidth) = grid
    (kernelHeight, kernelWidth) = kernel
    (strideY, strideX) = stride
    (dilationY, dilationX) = dilation
    (paddingTop, paddingLeft) = padding
    self.channelsFirst = channelsFirst
  }

  /// Floats in an image.
  public var imageCount: Int { imageHeight * imageWidth * channels }

  /// Floats in a window row.
  public var rowCount: Int { kernelHeight * kernelWidth * channels }

  /// The taps of a window starting at `start` that lie inside `size`.
  @inline(__always)
  func inside(_ start: Int, dilation: Int, kernel: Int, size: Int) -> Range<Int> {
    let first = start >= 0 ? 0 : (-start + dilation - 1) / dilation
    let end = start >= size ? 0 : (size - 1 - start) / dilation + 1
    return first..<max(first, min(kernel, end))
  }
}

/// Writes the window rows of grid rows `rows` (counted through the batch); zeros outside the image.
public func gatherWindows(
  _ map: WindowMap, image: UnsafePointer<Float>, rows: Range<Int>,
  into windows: UnsafeMutablePointer<Float>
) {
  let count = map.rowCount
  let channels = map.channels
  let taps = map.kernelHeight * map.kernelWidth
  for row in rows {
    let sample = row / map.gridHeight
    let top = (row % map.gridHeight) * map.strideY - map.paddingTop
    let ys = map.inside(
      top, dilation: map.dilationY, kernel: map.kernelHeight, size: map.imageHeight)
    for column in 0..<map.gridWidth {
      let left = column * map.strideX - map.paddingLeft
      let xs = map.inside(
        left, dilation: map.dilationX, kernel: map.kernelWidth, size: map.imageWidth)
      let window = windows + (row * map.gridWidth + column) * count
      if ys.count * xs.count != taps { window.update(repeating: 0, count: count) }
      for u in ys {
        let y = top + u * map.dilationY
        let line = image + ((sample * map.imageHeight + y) * map.imageWidth) * channels
        if map.channelsFirst {
          for v in xs {
            let pixel = line + (left + v * map.dilationX) * channels
            let tap = window + u * map.kernelWidth + v
            for c in 0..<channels { tap[c * taps] = pixel[c] }
          }
        } else if map.dilationX == 1 {
          let target = window + (u * map.kernelWidth + xs.lowerBound) * channels
          let source = line + (left + xs.lowerBound) * channels
          for i in 0..<(xs.count * channels) { target[i] = source[i] }
        } else {
          for v in xs {
            let pixel = line + (left + v * map.dilationX) * channels
            let tap = window + (u * map.kernelWidth + v) * channels
            for c in 0..<channels { tap[c] = pixel[c] }
          }
        }
      }
    }
  }
}

/// Adds window rows into image rows `rows` (counted through the batch), starting from `bias` or zero.
///
/// The adjoint of `gatherWindows`: each image row collects from the windows that see it. Reads up to 8 floats
/// beyond the last window.
public func scatterWindows(
  _ map: WindowMap, windows: UnsafePointer<Float>, rows: Range<Int>,
  bias: UnsafePointer<Float>?, into image: UnsafeMutablePointer<Float>
) {
  let isDense = map.dilationX == 1 && map.dilationY == 1 && map.paddingLeft >= 0
  if isDense && !map.channelsFirst && map.channels <= 4 {
    scatterNarrowWindows(
      SIMD4<Float>.self, map, windows: windows, rows: rows, bias: bias, into: image)
    return
  }
  if isDense && !map.channelsFirst && map.channels <= 8 {
    scatterNarrowWindows(
      SIMD8<Float>.self, map, windows: windows, rows: rows, bias: bias, into: image)
    return
  }
  let count = map.rowCount
  let channels = map.channels
  let taps = map.kernelHeight * map.kernelWidth
  for row in rows {
    let sample = row / map.imageHeight
    let y = row % map.imageHeight
    let line = image + row * map.imageWidth * channels
    if let bias {
      for x in 0..<map.imageWidth {
        for c in 0..<channels { line[x * channels + c] = bias[c] }
      }
    } else {
      line.update(repeating: 0, count: map.imageWidth * channels)
    }
    for u in 0..<map.kernelHeight {
      let distance = y + map.paddingTop - u * map.dilationY
      if distance < 0 || distance % map.strideY != 0 { continue }
      let gridRow = distance / map.strideY
      if gridRow >= map.gridHeight { continue }
      let first = windows + (sample * map.gridHeight + gridRow) * map.gridWidth * count
      for column in 0..<map.gridWidth {
        let left = column * map.strideX - map.paddingLeft
        let xs = map.inside(
          left, dilation: map.dilationX, kernel: map.kernelWidth, size: map.imageWidth)
        let window = first + column * count
        if map.channelsFirst {
          for v in xs {
            let pixel = line + (left + v * map.dilationX) * channels
            let tap = window + u * map.kernelWidth + v
            for c in 0..<channels { pixel[c] += tap[c * taps] }
          }
        } else if map.dilationX == 1 {
          let target = line + (left + xs.lowerBound) * channels
          let source = window + (u * map.kernelWidth + xs.lowerBound) * channels
          for i in 0..<(xs.count * channels) { target[i] += source[i] }
        } else {
          for v in xs {
            let pixel = line + (left + v * map.dilationX) * channels
            let tap = window + (u * map.kernelWidth + v) * channels
            for c in 0..<channels { pixel[c] += tap[c] }
          }
        }
      }
    }
  }
}
