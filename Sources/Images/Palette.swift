/// A colour of 8 bits a channel.
public struct RGB: Sendable, Hashable {
  /// 0...255.
  public var red: UInt8
  /// 0...255.
  public var green: UInt8
  /// 0...255.
  public var blue: UInt8

  /// Makes a colour of its three parts.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// All channels 0.
  public static let black = RGB(0, 0, 0)
  /// All channels 255.
  public static let white = RGB(255, 255, 255)
}

/// The name and colour of each class of a label map.
public struct Palette: Sendable, Hashable {
  /// The name of class `i` at index `i`.
  public let names: [String]
  /// The colour of class `i` at index `i`.
  public let colors: [RGB]

  /// Makes a palette of classes in order, from class 0.
  public init(_ classes: [(name: String, color: RGB)]) {
    precondition(!classes.isEmpty, "[Palette] needs at least one class")
    names = classes.map(\.name)
    colors = classes.map(\.color)
  }

  /// Makes `count` colours, neighbours well apart, for label maps that come without any.
  ///
  /// Class 0 is black; hue advances by the golden section, and lightness alternates.
  public static func distinct(_ count: Int) -> Palette {
    Palette(
      (0..<count).map { index in
        guard index > 0 else { return ("class 0", .black) }
        let hue = (Double(index) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
        return ("class \(index)", .wheel(hue: hue, value: [1, 0.75, 0.5][index % 3]))
      })
  }

  /// The class whose colour is nearest to `color`, the first of several equally near.
  public func nearest(to color: RGB) -> Int {
    var (best, least) = (0, Int.max)
    for (index, entry) in colors.enumerated() {
      let distance = color.squaredDistance(to: entry)
      if distance < least { (best, least) = (index, distance) }
    }
    return best
  }

  /// Assigns each pixel to the class of the nearest colour, by squared distance in RGB.
  ///
  /// Made for label maps that went through JPEG, where colours scatter around the palette's.
  public func labels(of image: Image) -> LabelImage {
    let image = image.channels == 1 ? image.withChannels(3) : image
    var last = RGB.black
    var label = UInt16(nearest(to: last))
    var labels: [UInt16] = []
    labels.reserveCapacity(image.height * image.width)
    for start in stride(from: 0, to: image.pixels.count, by: image.channels) {
      let color = RGB(image.pixels[start], image.pixels[start + 1], image.pixels[start + 2])
      if color != last { (last, label) = (color, UInt16(nearest(to: color))) }
      labels.append(label)
    }
    return LabelImage(height: image.height, width: image.width, labels: labels)
  }

  /// Paints a label map; labels beyond the palette become black.
  public func colored(_ map: LabelImage) -> Image {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(map.labels.count * 3)
    for label in map.labels {
      let color = Int(label) < colors.count ? colors[Int(label)] : .black
      pixels.append(color.red)
      pixels.append(color.green)
      pixels.append(color.blue)
    }
    return Image(height: map.height, width: map.width, channels: 3, pixels: pixels)
  }
}

extension RGB {
  fileprivate func squaredDistance(to other: RGB) -> Int {
    let red = Int(red) - Int(other.red)
    let green = Int(green) - Int(other.green)
    let blue = Int(blue) - Int(other.blue)
    return red * red + green * green + blue * blue
  }

  /// A colour of saturation 0.75 by hue (0..<1) and value (0...1).
  fileprivate static func wheel(hue: Double, value: Double) -> RGB {
    func channel(_ offset: Double) -> UInt8 {
      let position = (hue * 6 + offset).truncatingRemainder(dividingBy: 6)
      let weight = max(0, min(1, min(position, 4 - position)))
      return UInt8((255 * value * (1 - 0.75 * weight)).rounded())
    }
    return RGB(channel(5), channel(3), channel(1))
  }
}
