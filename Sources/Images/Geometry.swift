extension Image {
  /// Cuts out a rectangle, which must lie inside.
  public func cropped(top: Int, left: Int, height: Int, width: Int) -> Image {
    Image(
      height: height, width: width, channels: channels,
      pixels: crop(
        pixels, from: (self.height, self.width), channels,
        top: top, left: left, height: height, width: width))
  }

  /// Mirrors left and right.
  public func flippedHorizontally() -> Image {
    Image(
      height: height, width: width, channels: channels,
      pixels: mirror(pixels, height: height, width: width, channels))
  }
}

extension LabelImage {
  /// Cuts out a rectangle, which must lie inside.
  public func cropped(top: Int, left: Int, height: Int, width: Int) -> LabelImage {
    LabelImage(
      height: height, width: width,
      labels: crop(
        labels, from: (self.height, self.width), 1,
        top: top, left: left, height: height, width: width))
  }

  /// Mirrors left and right.
  public func flippedHorizontally() -> LabelImage {
    LabelImage(
      height: height, width: width, labels: mirror(labels, height: height, width: width, 1))
  }

  /// Scales by picking the source pixel under the middle of the new one, never blending.
  ///
  /// The arithmetic of Pillow's `Image.resize` with `NEAREST`.
  public func resized(height newHeight: Int, width newWidth: Int) -> LabelImage {
    LabelImage(
      height: newHeight, width: newWidth,
      labels: pick(
        labels, from: (height, width), 1, toHeight: newHeight, width: newWidth))
  }
}

private func crop<Element>(
  _ elements: [Element], from size: (height: Int, width: Int), _ channels: Int,
  top: Int, left: Int, height: Int, width: Int
) -> [Element] {
  precondition(
    height > 0 && width > 0 && top >= 0 && left >= 0
      && top + height <= size.height && left + width <= size.width,
    "[cropped] \(height)x\(width) at (\(top), \(left)) is not inside \(size.height)x\(size.width)")
  var result: [Element] = []
  result.reserveCapacity(height * width * channels)
  for y in top..<top + height {
    let start = (y * size.width + left) * channels
    result.append(contentsOf: elements[start..<start + width * channels])
  }
  return result
}

private func mirror<Element>(
  _ elements: [Element], height: Int, width: Int, _ channels: Int
) -> [Element] {
  var result = elements
  for y in 0..<height {
    for x in 0..<width {
      let from = (y * width + x) * channels
      let to = (y * width + width - 1 - x) * channels
      for channel in 0..<channels { result[to + channel] = elements[from + channel] }
    }
  }
  return result
}

/// The nearest-neighbour rule shared by pictures and label maps.
func pick<Element>(
  _ elements: [Element], from size: (height: Int, width: Int), _ channels: Int,
  toHeight height: Int, width: Int
) -> [Element] {
  precondition(
    height > 0 && width > 0, "[resized] sides must be positive, found \(height)x\(width)")
  let columns = picked(from: size.width, to: width).map { $0 * channels }
  var result: [Element] = []
  result.reserveCapacity(height * width * channels)
  for y in picked(from: size.height, to: height) {
    let row = y * size.width * channels
    for column in columns {
      for channel in 0..<channels { result.append(elements[row + column + channel]) }
    }
  }
  return result
}

/// The old pixel under the middle of each new one, found by adding up steps as Pillow does.
private func picked(from old: Int, to new: Int) -> [Int] {
  let step = Double(old) / Double(new)
  var position = step * 0.5
  return (0..<new).map { _ in
    defer { position += step }
    return min(Int(position), old - 1)
  }
}
