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

  /// Columns of the image that the windows of one output row touch, with the border.
  var span: Int { (output.width - 1) * stride.width + (kernel.width - 1) * dilation.width + 1 }

  /// Writes the labels that a row of taps sees along an output row: -1 outside the image and outside 0..<classes.
  ///
  /// The tap in column `tapX` sees `line[x · stride + tapX · dilation]` at the output's column x.
  @inline(__always)
  func readLine(
    _ line: UnsafeMutablePointer<Int32>, _ labels: UnsafePointer<Float>, outputRow: Int, tapY: Int
  ) {
    let sample = outputRow / output.height
    let y = outputRow - sample * output.height
    let row = y * stride.height - padding.height + tapY * dilation.height
    let isInside = row >= 0 && row < input.height
    let source = labels + (sample * input.height + (isInside ? row : 0)) * input.width
    for place in 0..<span {
      let column = place - padding.width
      guard isInside, column >= 0, column < input.width else {
        line[place] = -1
        continue
      }
      let value = source[column]
      let index = value >= 0 && value < Float(classes) ? Int32(value) : -1
      line[place] = Float(index) == value ? index : -1
    }
  }
}

/// Adds up, for each pixel of some output rows, the table rows of the labels in its window.
///
///     target[n, y, x, :] = Σ_taps table[tap, label(n, y, x, tap), :]
package func sumLabelRows(
  _ windows: LabelWindows, labels: UnsafePointer<Float>, table: UnsafePointer<Float>,
  rows: Range<Int>, into target: UnsafeMutablePointer<Float>
) {
  let (height, width, span) = (windows.kernel.height, windows.kernel.width, windows.span)
  withUnsafeTemporaryAllocation(of: Int32.self, capacity: height * span) { lines in
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: height * width) {
      found in
      guard let lines = lines.baseAddress else { return }
      for row in rows {
        for tapY in 0..<height {
          windows.readLine(lines + tapY * span, labels, outputRow: row, tapY: tapY)
        }
        for x in 0..<windows.output.width {
          var count = 0
          for tapY in 0..<height {
            let line = lines + tapY * span + x * windows.stride.width
            for tapX in 0..<width {
              let label = Int(line[tapX * windows.dilation.width])
              if label < 0 { continue }
              let tap = tapY * width + tapX
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
  withUnsafeTemporaryAllocation(of: Int32.self, capacity: windows.span) { buffer in
    guard let seen = buffer.baseAddress else { return }
    for row in 0..<batch * windows.output.height {
      let pixels = source + row * windows.output.width * width
      var tapY = -1
      for tap in taps {
        if tap / windows.kernel.width != tapY {
          tapY = tap / windows.kernel.width
          windows.readLine(seen, labels, outputRow: row, tapY: tapY)
        }
        let line = seen + tap % windows.kernel.width * windows.dilation.width
        var x = 0
        while x < windows.output.width {
          let label = line[x * windows.stride.width]
          var end = x + 1
          while end < windows.output.width, line[end * windows.stride.width] == label { end += 1 }
          if label >= 0 {
            let target = table + (tap * windows.classes + Int(label)) * width
            addRun(pixels + x * width, count: end - x, width, into: target)
          }
          x = end
        }
      }
    }
  }
}

/// Adds `count` neighbouring rows to one, in blocks that stay in registers.
@inline(__always)
private func addRun(
  _ rows: UnsafePointer<Float>, count: Int, _ width: Int, into target: UnsafeMutablePointer<Float>
) {
  var i = 0
  while i + 32 <= width {
    let to = UnsafeMutableRawPointer(target + i)
    var low = to.loadUnaligned(as: SIMD16<Float>.self)
    var high = to.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
    for row in 0..<count {
      let from = UnsafeRawPointer(rows + row * width + i)
      low += from.loadUnaligned(as: SIMD16<Float>.self)
      high += from.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
    }
    to.storeBytes(of: low, as: SIMD16<Float>.self)
    to.storeBytes(of: high, toByteOffset: 64, as: SIMD16<Float>.self)
    i += 32
  }
  while i < width {
    var sum = target[i]
    for row in 0..<count { sum += rows[row * width + i] }
    target[i] = sum
    i += 1
  }
}
