/// For each output position along an axis, which input positions it mixes, and how much of each.
///
/// Taps `starts[i]..<starts[i + 1]` belong to output position i.
public struct TapTable {
  let starts: UnsafePointer<Int32>
  let positions: UnsafePointer<Int32>
  let weights: UnsafePointer<Float>

  /// Wraps arrays that outlive the call of the kernel.
  public init(
    starts: UnsafePointer<Int32>, positions: UnsafePointer<Int32>, weights: UnsafePointer<Float>
  ) {
    self.starts = starts
    self.positions = positions
    self.weights = weights
  }
}

/// Mixes image pixels along H and W for output rows `rows` (counted through the batch).
///
///     result[n, i, j, c] = Σ_{u, v} down[i, u] · across[j, v] · image[n, u, v, c]
public func resample(
  image: UnsafePointer<Float>, imageHeight: Int, imageWidth: Int, channels: Int,
  down: TapTable, across: TapTable, height: Int, width: Int, rows: Range<Int>,
  into result: UnsafeMutablePointer<Float>
) {
  if channels == 3 || channels == 4 {
    resampleNarrow(
      image: image, imageHeight: imageHeight, imageWidth: imageWidth, channels: channels,
      down: down, across: across, height: height, width: width, rows: rows, into: result)
    return
  }
  for row in rows {
    let sample = row / height
    let i = row % height
    let ys = Int(down.starts[i])..<Int(down.starts[i + 1])
    for j in 0..<width {
      let pixel = result + (row * width + j) * channels
      let xs = Int(across.starts[j])..<Int(across.starts[j + 1])
      var isFirst = true
      for u in ys {
        let line = image + (sample * imageHeight + Int(down.positions[u])) * imageWidth * channels
        for v in xs {
          let source = line + Int(across.positions[v]) * channels
          let weight = down.weights[u] * across.weights[v]
          if isFirst {
            for c in 0..<channels { pixel[c] = weight * source[c] }
            isFirst = false
          } else {
            for c in 0..<channels { pixel[c] += weight * source[c] }
          }
        }
      }
      if isFirst { pixel.update(repeating: 0, count: channels) }
    }
  }
}

/// `resample` for images of 3 or 4 channels, with a pixel in one register.
private func resampleNarrow(
  image: UnsafePointer<Float>, imageHeight: Int, imageWidth: Int, channels: Int,
  down: TapTable, across: TapTable, height: Int, width: Int, rows: Range<Int>,
  into result: UnsafeMutablePointer<Float>
) {
  for row in rows {
    let sample = row / height
    let i = row % height
    let ys = Int(down.starts[i])..<Int(down.starts[i + 1])
    for j in 0..<width {
      let xs = Int(across.starts[j])..<Int(across.starts[j + 1])
      var sum = SIMD4<Float>.zero
      for u in ys {
        let position = Int(down.positions[u])
        let line = image + (sample * imageHeight + position) * imageWidth * channels
        for v in xs {
          let column = Int(across.positions[v])
          let source = line + column * channels
          let weight = down.weights[u] * across.weights[v]
          if channels == 4 || column + 1 < imageWidth {
            sum += UnsafeRawPointer(source).loadUnaligned(as: SIMD4<Float>.self) * weight
          } else {  // at the end of a line, which may be that of the memory
            sum += SIMD4(source[0], source[1], source[2], 0) * weight
          }
        }
      }
      let pixel = result + (row * width + j) * channels
      if channels == 4 || j + 1 < width {
        // With 3 channels spills into the pixel to the right, which is written next.
        UnsafeMutableRawPointer(pixel).storeBytes(of: sum, as: SIMD4<Float>.self)
      } else {
        for c in 0..<3 { pixel[c] = sum[c] }
      }
    }
  }
}
