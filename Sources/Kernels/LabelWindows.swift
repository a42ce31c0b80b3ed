/// Where the windows of a convolution lie over an image of labels.
package struct LabelWindows: Sendable {
  package var input: (height: Int, width: Int)
  package var output: (height: Int, width: Int)
  package var kernel: (height: Int, width: Int)
  package var stride: (height: Int, width: Int)
  package var dilation: (height: Int, width: Int)
  package var padding: (height: Int, width: Int)
  package var classes: Int
  /// Numbers per row of the table; rows are ordered by tap, then by class.
  package var width: Int

  package init(
    input: (height: Int, width: Int), output: (height: Int, width: Int),
    kernel: (height: Int, width: Int), stride: (height: Int, width: Int),
    dilation: (height: Int, width: Int), padding: (height: Int, width: Int), classes: Int,
    width: Int
  ) {
    self.input = input
    self.output = output
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.classes = classes
    self.width = width
  }

  /// The label that a tap sees at a pixel of the output, or -1 outside the image and outside 0..<classes.
  @inline(__always)
  func label(
    _ labels: UnsafePointer<Float>, sample: Int, _ y: Int, _ x: Int, _ tapY: Int, _ tapX: Int
  ) -> Int {
    let row = y * stride.height - padding.height + tapY * dilation.height
    let column = x * stride.width - padding.width + tapX * dilation.width
    if row < 0 || row >= input.height || column < 0 || column >= input.width { return -1 }
    let value = labels[(sample * input.height + row) * input.width + column]
    let isClass = value >= 0 && value < Float(classes)
    let index = isClass ? Int(value) : -1
    return Float(index) == value ? index : -1
  }
}

/// Adds up, for each pixel of some output rows, the table rows of the labels in its window.
///
///     target[n, y, x, :] = Σ_taps table[tap, label(n, y, x, tap), :]
package func sumLabelRows(
  _ windows: LabelWindows, labels: UnsafePointer<Float>, table: UnsafePointer<Float>,
  rows: Range<Int>, into target: UnsafeMutablePointer<Float>
) {
  let taps = windows.kernel.height * windows.kernel.width
  withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: taps) { found in
    for row in rows {
      let sample = row / windows.output.height
      let y = row % windows.output.height
      for x in 0..<windows.output.width {
        var count = 0
        for tapY in 0..<windows.kernel.height {
          for tapX in 0..<windows.kernel.width {
            let label = windows.label(labels, sample: sample, y, x, tapY, tapX)
            if label < 0 { continue }
            let tap = tapY * windows.kernel.width + tapX
            found[count] = table + (tap * windows.classes + label) * windows.width
            count += 1
          }
        }
        let pixel = target + (row * windows.output.width + x) * windows.width
        addRows(UnsafeBufferPointer(rebasing: found[..<count]), windows.width, into: pixel)
      }
    }
  }
}

/// The sum of some rows, in blocks that stay in registers.
@inline(__always)
private func addRows(
  _ rows: UnsafeBufferPointer<UnsafePointer<Float>>, _ width: Int,
  into target: UnsafeMutablePointer<Float>
) {
  var i = 0
  while i + 32 <= width {
    var low = SIMD16<Float>(), high = SIMD16<Float>()
    for row in rows {
      let raw = UnsafeRawPointer(row + i)
      low += raw.loadUnaligned(as: SIMD16<Float>.self)
      high += raw.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
    }
    let to = UnsafeMutableRawPointer(target + i)
    to.storeBytes(of: low, as: SIMD16<Float>.self)
    to.storeBytes(of: high, toByteOffset: 64, as: SIMD16<Float>.self)
    i += 32
  }
  while i < width {
    var sum: Float = 0
    for row in rows { sum += row[i] }
    target[i] = sum
    i += 1
  }
}

/// Adds the pixels of `source` to the table rows of the labels that some taps see there.
///
///     table[tap, label(n, y, x, tap), :] += source[n, y, x, :]
///
/// Neighbours of the same label are added up first. Parts take different taps, so that none writes what another does.
package func scatterLabelRows(
  _ windows: LabelWindows, labels: UnsafePointer<Float>, batch: Int,
  source: UnsafePointer<Float>, taps: Range<Int>, into table: UnsafeMutablePointer<Float>
) {
  let width = windows.width
  withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { buffer in
    guard let sum = buffer.baseAddress else { return }
    for row in 0..<batch * windows.output.height {
      let sample = row / windows.output.height
      let y = row % windows.output.height
      let line = source + row * windows.output.width * width
      for tap in taps {
        let (tapY, tapX) = (tap / windows.kernel.width, tap % windows.kernel.width)
        var x = 0
        while x < windows.output.width {
          let label = windows.label(labels, sample: sample, y, x, tapY, tapX)
          var end = x + 1
          while end < windows.output.width,
            windows.label(labels, sample: sample, y, end, tapY, tapX) == label
          {
            end += 1
          }
          if label >= 0 {
            let target = table + (tap * windows.classes + label) * width
            addRun(line + x * width, count: end - x, width, sum, into: target)
          }
          x = end
        }
      }
    }
  }
}

/// Adds `count` neighbouring rows to one.
@inline(__always)
private func addRun(
  _ rows: UnsafePointer<Float>, count: Int, _ width: Int, _ sum: UnsafeMutablePointer<Float>,
  into target: UnsafeMutablePointer<Float>
) {
  if count == 1 {
    for i in 0..<width { target[i] += rows[i] }
    return
  }
  for i in 0..<width { sum[i] = rows[i] }
  for row in 1..<count {
    let line = rows + row * width
    for i in 0..<width { sum[i] += line[i] }
  }
  for i in 0..<width { target[i] += sum[i] }
}
