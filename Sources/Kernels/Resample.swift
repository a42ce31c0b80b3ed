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
