/// `scatterWindows` for images of at most 8 channels and dense kernels, with a pixel's channels in one register.
///
/// Each pixel collects from the windows that see it, instead of each window adding to its pixels: no sum
/// travels through memory. Reads up to 8 floats beyond the last window.
func scatterNarrowWindows<Lanes: SIMD<Float>>(
  _ lanes: Lanes.Type, _ map: WindowMap, windows: UnsafePointer<Float>, rows: Range<Int>,
  bias: UnsafePointer<Float>?, into image: UnsafeMutablePointer<Float>
) {
  let count = map.rowCount
  let channels = map.channels
  let lineCount = map.imageWidth * channels
  var start = Lanes.zero
  if let bias { for c in 0..<channels { start[c] = bias[c] } }
  withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: map.kernelHeight) {
    lines in
    for row in rows {
      let sample = row / map.imageHeight
      let y = row % map.imageHeight
      var lineTotal = 0
      for u in 0..<map.kernelHeight {
        let distance = y + map.paddingTop - u
        if distance < 0 || distance % map.strideY != 0 { continue }
        let gridRow = distance / map.strideY
        if gridRow >= map.gridHeight { continue }
        lines[lineTotal] =
          windows + (sample * map.gridHeight + gridRow) * map.gridWidth * count
          + u * map.kernelWidth * channels
        lineTotal += 1
      }
      let target = image + row * lineCount
      // Pixel x is tap `tap` of grid column `column`, tap + stride of the column before, and so on.
      var firstTap = map.paddingLeft % map.strideX
      var firstColumn = map.paddingLeft / map.strideX
      for x in 0..<map.imageWidth {
        var sum = start
        var tap = firstTap
        var column = firstColumn
        while tap < map.kernelWidth && column >= 0 {
          if column < map.gridWidth {
            let offset = column * count + tap * channels
            for line in 0..<lineTotal {
              sum += UnsafeRawPointer(lines[line] + offset).loadUnaligned(as: Lanes.self)
            }
          }
          tap += map.strideX
          column -= 1
        }
        let pixel = target + x * channels
        if x * channels + Lanes.scalarCount <= lineCount {
          // Spills into pixels to the right, which are written next.
          UnsafeMutableRawPointer(pixel).storeBytes(of: sum, as: Lanes.self)
        } else {
          for c in 0..<channels { pixel[c] = sum[c] }
        }
        firstTap += 1
        if firstTap == map.strideX {
          firstTap = 0
          firstColumn += 1
        }
      }
    }
  }
}
