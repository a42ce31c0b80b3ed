/// Takes the largest number in each window of an image, and where it was, for grid rows `rows`.
///
/// `places` receives the index of the chosen pixel in its image plane, `y * width + x`. Of equal numbers the first
/// in reading order is taken; a NaN is taken before any number.
public func maxPool(
  _ map: WindowMap, image: UnsafePointer<Float>, rows: Range<Int>,
  into result: UnsafeMutablePointer<Float>, places: UnsafeMutablePointer<Int32>
) {
  let channels = map.channels
  for row in rows {
    let sample = row / map.gridHeight
    let top = (row % map.gridHeight) * map.strideY - map.paddingTop
    let ys = map.inside(
      top, dilation: map.dilationY, kernel: map.kernelHeight, size: map.imageHeight)
    for column in 0..<map.gridWidth {
      let left = column * map.strideX - map.paddingLeft
      let xs = map.inside(
        left, dilation: map.dilationX, kernel: map.kernelWidth, size: map.imageWidth)
      let best = result + (row * map.gridWidth + column) * channels
      let place = places + (row * map.gridWidth + column) * channels
      var isFirst = true
      for u in ys {
        for v in xs {
          let plane = (top + u * map.dilationY) * map.imageWidth + left + v * map.dilationX
          let pixel =
            image + (sample * map.imageHeight * map.imageWidth + plane) * channels
          let index = Int32(truncatingIfNeeded: plane)
          if isFirst {
            for c in 0..<channels {
              best[c] = pixel[c]
              place[c] = index
            }
            isFirst = false
          } else {
            for c in 0..<channels {
              let isLarger = pixel[c] > best[c] || pixel[c] != pixel[c]
              place[c] = isLarger ? index : place[c]
              best[c] = isLarger ? pixel[c] : best[c]
            }
          }
        }
      }
    }
  }
}

/// Reads each place of `sample` from its plane: `result[p, c] = image[places[p, c], c]`.
public func gatherPlaces(
  image: UnsafePointer<Float>, places: UnsafePointer<Int32>, sample: Int, planeCount: Int,
  placeCount: Int, channels: Int, into result: UnsafeMutablePointer<Float>
) {
  let source = image + sample * planeCount * channels
  let index = places + sample * placeCount * channels
  let target = result + sample * placeCount * channels
  for p in 0..<placeCount {
    for c in 0..<channels {
      let i = p * channels + c
      target[i] = source[Int(index[i]) * channels + c]
    }
  }
}

/// Adds each number of `sample` to its place in a plane of zeros: the adjoint of `gatherPlaces`.
public func scatterPlaces(
  values: UnsafePointer<Float>, places: UnsafePointer<Int32>, sample: Int, planeCount: Int,
  placeCount: Int, channels: Int, into image: UnsafeMutablePointer<Float>
) {
  let target = image + sample * planeCount * channels
  target.update(repeating: 0, count: planeCount * channels)
  let index = places + sample * placeCount * channels
  let source = values + sample * placeCount * channels
  for p in 0..<placeCount {
    for c in 0..<channels {
      let i = p * channels + c
      target[Int(index[i]) * channels + c] += source[i]
    }
  }
}
