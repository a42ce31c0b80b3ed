/// How `Image.resized` computes a pixel from its neighbours.
public enum ResizeFilter: Sendable, Hashable, CaseIterable {
  /// The source pixel under the middle of the new one, `floor((i + 0.5) * in / out)`.
  case nearest
  /// A triangle of radius 1, wider by the factor of a reduction.
  case bilinear
  /// Keys' cubic with a = -0.5, of radius 2, wider by the factor of a reduction.
  case bicubic
}

extension Image {
  /// Scales to a new size, averaging over the covered area when reducing.
  ///
  /// One pass along rows, then one along columns, each rounded to 8 bits, with weights of 22 bits:
  /// the arithmetic of Pillow's `Image.resize`, so that data prepared with it look the same. Colours
  /// under opacity are weighted by it.
  public func resized(
    height newHeight: Int, width newWidth: Int, filter: ResizeFilter
  ) -> Image {
    precondition(
      newHeight > 0 && newWidth > 0,
      "[resized] sides must be positive, found \(newHeight)x\(newWidth)")
    if newHeight == height && newWidth == width { return self }
    if filter == .nearest {
      return Image(
        height: newHeight, width: newWidth, channels: channels,
        pixels: pick(
          pixels, from: (height, width), channels, toHeight: newHeight, width: newWidth))
    }
    if channels == 4 {
      return premultiplied().filtered(newHeight, newWidth, filter).unmultiplied()
    }
    return filtered(newHeight, newWidth, filter)
  }

  private func filtered(_ newHeight: Int, _ newWidth: Int, _ filter: ResizeFilter) -> Image {
    var image = self
    if newWidth != width {
      let taps = ResizeTaps(from: width, to: newWidth, filter)
      image = Image(
        height: height, width: newWidth, channels: channels,
        pixels: resizeRows(pixels, height: height, width: width, channels, taps))
    }
    if newHeight != height {
      let taps = ResizeTaps(from: height, to: newHeight, filter)
      image = Image(
        height: newHeight, width: newWidth, channels: channels,
        pixels: resizeColumns(image.pixels, rowLength: newWidth * channels, taps))
    }
    return image
  }

  private func premultiplied() -> Image {
    var image = self
    for start in stride(from: 0, to: pixels.count, by: 4) {
      let opacity = UInt32(pixels[start + 3])
      for channel in start..<start + 3 {
        let product = UInt32(pixels[channel]) * opacity + 128
        image.pixels[channel] = UInt8(((product >> 8) + product) >> 8)
      }
    }
    return image
  }

  private func unmultiplied() -> Image {
    var image = self
    for start in stride(from: 0, to: pixels.count, by: 4) {
      let opacity = UInt32(pixels[start + 3])
      guard opacity > 0 && opacity < 255 else { continue }
      for channel in start..<start + 3 {
        image.pixels[channel] = UInt8(min(255, 255 * UInt32(pixels[channel]) / opacity))
      }
    }
    return image
  }
}

/// Which source samples each output sample is a weighted sum of, along one side.
struct ResizeTaps {
  /// Fraction bits of a weight: 8 remain for the value, 2 for overshoot.
  static let fractionBits: Int32 = 22

  /// First source index of each output.
  let starts: [Int]
  /// Number of source samples of each output, at most `stride`.
  let counts: [Int]
  /// Room for the weights of one output.
  let stride: Int
  /// Weights in fixed point, `stride` for each output.
  let weights: [Int32]

  init(from source: Int, to target: Int, _ filter: ResizeFilter) {
    let scale = Double(source) / Double(target)
    let widening = max(scale, 1)
    let radius = (filter == .bicubic ? 2 : 1) * widening
    let stride = Int(radius.rounded(.up)) * 2 + 1
    var starts: [Int] = []
    var counts: [Int] = []
    var weights = [Int32](repeating: 0, count: stride * target)
    for index in 0..<target {
      let center = (Double(index) + 0.5) * scale
      let first = max(0, Int(center - radius + 0.5))
      let count = min(source, Int(center + radius + 0.5)) - first
      let exact = (0..<count).map { offset in
        filter.weight((Double(offset + first) - center + 0.5) / widening)
      }
      let total = exact.reduce(0, +)
      for (offset, weight) in exact.enumerated() {
        let scaled = weight / total * Double(1 << ResizeTaps.fractionBits)
        weights[index * stride + offset] = Int32(scaled.rounded())
      }
      starts.append(first)
      counts.append(count)
    }
    (self.starts, self.counts, self.stride, self.weights) = (starts, counts, stride, weights)
  }
}

extension ResizeFilter {
  fileprivate func weight(_ position: Double) -> Double {
    let x = abs(position)
    if self == .bilinear { return max(0, 1 - x) }
    let a = -0.5
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
  }
}

private let half: Int32 = 1 << (ResizeTaps.fractionBits - 1)

@inline(__always)
private func level(_ sum: Int32) -> UInt8 {
  UInt8(truncatingIfNeeded: max(0, min(255, sum &>> ResizeTaps.fractionBits)))
}

private func resizeRows(
  _ pixels: [UInt8], height: Int, width: Int, _ channels: Int, _ taps: ResizeTaps
) -> [UInt8] {
  let newWidth = taps.starts.count
  let size = height * newWidth * channels
  return [UInt8](unsafeUninitializedCapacity: size) { output, count in
    pixels.withUnsafeBufferPointer { input in
      taps.weights.withUnsafeBufferPointer { weights in
        guard let output = output.baseAddress, let input = input.baseAddress,
          let weights = weights.baseAddress
        else { return }
        for y in 0..<height {
          let row = input + y * width * channels
          var target = output + y * newWidth * channels
          for x in 0..<newWidth {
            let source = row + taps.starts[x] * channels
            let weight = weights + x * taps.stride
            if channels == 3 {
              blendColor(source, weight, taps.counts[x], target)
            } else {
              for channel in 0..<channels {
                blend(source + channel, by: channels, weight, taps.counts[x], target + channel)
              }
            }
            target += channels
          }
        }
      }
    }
    count = size
  }
}

@inline(__always)
private func blendColor(
  _ source: UnsafePointer<UInt8>, _ weight: UnsafePointer<Int32>, _ count: Int,
  _ target: UnsafeMutablePointer<UInt8>
) {
  var (red, green, blue) = (half, half, half)
  var sample = source
  for tap in 0..<count {
    red &+= Int32(sample[0]) &* weight[tap]
    green &+= Int32(sample[1]) &* weight[tap]
    blue &+= Int32(sample[2]) &* weight[tap]
    sample += 3
  }
  target[0] = level(red)
  target[1] = level(green)
  target[2] = level(blue)
}

@inline(__always)
private func blend(
  _ source: UnsafePointer<UInt8>, by step: Int, _ weight: UnsafePointer<Int32>, _ count: Int,
  _ target: UnsafeMutablePointer<UInt8>
) {
  var sum = half
  for tap in 0..<count { sum &+= Int32(source[tap &* step]) &* weight[tap] }
  target[0] = level(sum)
}

private func resizeColumns(_ pixels: [UInt8], rowLength: Int, _ taps: ResizeTaps) -> [UInt8] {
  let newHeight = taps.starts.count
  let size = newHeight * rowLength
  var sums = [Int32](repeating: 0, count: rowLength)
  return [UInt8](unsafeUninitializedCapacity: size) { output, count in
    pixels.withUnsafeBufferPointer { input in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let output = output.baseAddress, let input = input.baseAddress,
          let sums = sums.baseAddress
        else { return }
        for y in 0..<newHeight {
          sums.update(repeating: half, count: rowLength)
          for tap in 0..<taps.counts[y] {
            let weight = taps.weights[y * taps.stride + tap]
            let row = input + (taps.starts[y] + tap) * rowLength
            for x in 0..<rowLength { sums[x] &+= Int32(row[x]) &* weight }
          }
          let target = output + y * rowLength
          for x in 0..<rowLength { target[x] = level(sums[x]) }
        }
      }
    }
    count = size
  }
}
