/// A picture of 8-bit samples: rows from the top, pixels from the left, channels interleaved.
///
/// A plain value, free to move between threads; only `Tensor.init(_: [Image])` reaches the engine.
public struct Image: Sendable, Hashable {
  /// Pixels from top to bottom.
  public let height: Int
  /// Pixels from left to right.
  public let width: Int
  /// 1 grey, 3 red-green-blue, or 4 with opacity last.
  public let channels: Int
  /// Samples, `height * width * channels` of them, 0...255.
  public var pixels: [UInt8] {
    didSet {
      precondition(
        pixels.count == height * width * channels,
        "[Image] \(height)x\(width)x\(channels) has \(height * width * channels) samples, "
          + "found \(pixels.count)")
    }
  }

  /// Wraps samples that are already in memory.
  public init(height: Int, width: Int, channels: Int, pixels: [UInt8]) {
    precondition(
      height > 0 && width > 0, "[Image] sides must be positive, found \(height)x\(width)")
    precondition(
      [1, 3, 4].contains(channels), "[Image] channels must be 1, 3 or 4, found \(channels)")
    precondition(
      pixels.count == height * width * channels,
      "[Image] \(height)x\(width)x\(channels) needs \(height * width * channels) samples, "
        + "found \(pixels.count)")
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }

  /// Makes a picture of one colour, with three channels.
  public init(height: Int, width: Int, color: RGB) {
    self.init(
      height: height, width: width, channels: 3,
      pixels: (0..<height * width).flatMap { _ in [color.red, color.green, color.blue] })
  }

  /// The sample of one channel at row `y` and column `x`.
  public subscript(y: Int, x: Int, channel: Int) -> UInt8 {
    get { pixels[offset(y, x, channel)] }
    set { pixels[offset(y, x, channel)] = newValue }
  }

  private func offset(_ y: Int, _ x: Int, _ channel: Int) -> Int {
    precondition(
      (0..<height).contains(y) && (0..<width).contains(x) && (0..<channels).contains(channel),
      "[Image] [\(y), \(x), \(channel)] is outside \(height)x\(width)x\(channels)")
    return (y * width + x) * channels + channel
  }

  /// Converts to another number of channels.
  ///
  /// Grey is `(19595 R + 38470 G + 7471 B + 32768) / 65536`, the rounded luma of ITU-R BT.601.
  /// Opacity is dropped, not blended; where it is added it is 255.
  ///
  /// - Parameter count: 1, 3 or 4.
  /// - Returns: a picture of the same size.
  public func withChannels(_ count: Int) -> Image {
    precondition([1, 3, 4].contains(count), "[withChannels] must be 1, 3 or 4, found \(count)")
    guard count != channels else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(height * width * count)
    for start in stride(from: 0, to: pixels.count, by: channels) {
      let red = pixels[start]
      let green = channels == 1 ? red : pixels[start + 1]
      let blue = channels == 1 ? red : pixels[start + 2]
      if count == 1 {
        let luma = 19595 * UInt32(red) + 38470 * UInt32(green) + 7471 * UInt32(blue)
        result.append(UInt8((luma + 32768) >> 16))
      } else {
        result.append(red)
        result.append(green)
        result.append(blue)
        if count == 4 { result.append(255) }
      }
    }
    return Image(height: height, width: width, channels: count, pixels: result)
  }
}
