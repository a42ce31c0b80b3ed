import Tensor

// Between files, where samples are 0...255, and the program, where images are -1...1. Arrays can be
// made on any thread; tensors belong to the thread that computes.

/// `level / 127.5 - 1` for each level.
private let unitRange: [Float] = (0...255).map { Float($0) / 127.5 - 1 }

extension Image {
  /// Samples in -1...1, `x / 127.5 - 1`, in the order of `pixels`.
  public var scalars: [Float] { pixels.map { unitRange[Int($0)] } }

  /// Takes samples in -1...1 as `round((x + 1) * 127.5)`; what lies outside is clamped, NaN is 0.
  public init(scalars: [Float], height: Int, width: Int, channels: Int) {
    let pixels = scalars.map { scalar -> UInt8 in
      let level = (scalar + 1) * 127.5
      guard level > 0 else { return 0 }
      return level < 255 ? UInt8(level.rounded()) : 255
    }
    self.init(height: height, width: width, channels: channels, pixels: pixels)
  }
}

extension LabelImage {
  /// Labels as numbers, in the order of `labels`.
  public var scalars: [Float] { labels.map(Float.init) }

  /// Takes whole numbers in 0...65535.
  public init(scalars: [Float], height: Int, width: Int) {
    let labels = scalars.map { scalar -> UInt16 in
      guard let label = UInt16(exactly: scalar) else {
        preconditionFailure("[LabelImage] \(scalar) is not a whole number in 0...65535")
      }
      return label
    }
    self.init(height: height, width: width, labels: labels)
  }
}

extension Tensor {
  /// Stacks pictures of one size into `[N, H, W, C]` in -1...1.
  public init(_ images: [Image]) {
    guard let first = images.first else { preconditionFailure("[tensor] no pictures given") }
    for image in images {
      precondition(
        (image.height, image.width, image.channels) == (first.height, first.width, first.channels),
        "[tensor] pictures of \(image.height)x\(image.width)x\(image.channels) and "
          + "\(first.height)x\(first.width)x\(first.channels) do not stack")
    }
    self.init(
      images.flatMap(\.scalars), [images.count, first.height, first.width, first.channels])
  }

  /// Stacks label maps of one size into `[N, H, W]` of whole numbers.
  public init(_ maps: [LabelImage]) {
    guard let first = maps.first else { preconditionFailure("[tensor] no label maps given") }
    for map in maps {
      precondition(
        (map.height, map.width) == (first.height, first.width),
        "[tensor] label maps of \(map.height)x\(map.width) and \(first.height)x\(first.width) "
          + "do not stack")
    }
    self.init(maps.flatMap(\.scalars), [maps.count, first.height, first.width])
  }

  /// Takes `[N, H, W, C]` in -1...1, C 1, 3 or 4, apart into pictures.
  public func images() -> [Image] {
    precondition(rank == 4, "[images] shape \(shape) found, [N, H, W, C] expected")
    return parts { Image(scalars: $0, height: shape[1], width: shape[2], channels: shape[3]) }
  }

  /// Takes `[N, H, W]` of whole numbers in 0...65535 apart into label maps.
  public func labelImages() -> [LabelImage] {
    precondition(rank == 3, "[labelImages] shape \(shape) found, [N, H, W] expected")
    return parts { LabelImage(scalars: $0, height: shape[1], width: shape[2]) }
  }

  private func parts<Part>(_ make: ([Float]) -> Part) -> [Part] {
    let size = shape.dropFirst().reduce(1, *)
    return withScalars { scalars in
      (0..<shape[0]).map { make(Array(scalars[$0 * size..<($0 + 1) * size])) }
    }
  }
}
