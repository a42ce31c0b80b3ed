internal import CImageIO
import Foundation

// The only file that meets libpng and libjpeg, through the C functions of CImageIO: they return a
// status and a message instead of jumping, and write straight into the array that becomes pixels.

/// Pictures beyond this are refused before memory is taken for them.
private let greatestPixelCount = 1 << 27

/// Deflate cannot shrink beyond this, so a PNG that announces more than it can hold is cut short.
private let greatestPNGRatio = 1040

func decodePNG(_ data: Data, _ path: String) throws -> Image {
  let header = try readHeader(data, path, "PNG", ImageIOReadPNGHeader)
  return try decode(data, path, "PNG", header, ImageIODecodePNG)
}

func decodeJPEG(_ data: Data, _ path: String) throws -> Image {
  let header = try readHeader(data, path, "JPEG", ImageIOReadJPEGHeader)
  return try decode(data, path, "JPEG", header, ImageIODecodeJPEG)
}

func decodePNGValues(_ data: Data, _ path: String) throws -> LabelImage {
  var header = try readHeader(data, path, "PNG", ImageIOReadPNGHeader)
  guard header.fileChannels == 1 else {
    throw ImageError.unsupported(
      path: path, found: "a PNG of \(header.fileChannels) channels",
      expected: "labels in a PNG of 1 channel, grey or palette",
      cure: "Read it as a picture and assign colours by a palette, or convert it to indices.")
  }
  let (height, width) = (Int(header.height), Int(header.width))
  let labels = try [UInt16](unsafeUninitializedCapacity: height * width) { output, count in
    try data.withBytes {
      try check(ImageIODecodePNGValues($0, $1, output.baseAddress, &header), header, path, "PNG")
    }
    count = height * width
  }
  return LabelImage(height: height, width: width, labels: labels)
}

private typealias ReadHeader = (
  UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<ImageIOHeader>?
) -> ImageIOStatus

private typealias Decode = (
  UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<ImageIOHeader>?
) -> ImageIOStatus

private func readHeader(
  _ data: Data, _ path: String, _ format: String, _ read: ReadHeader
) throws -> ImageIOHeader {
  var header = ImageIOHeader()
  try data.withBytes { try check(read($0, $1, &header), header, path, format) }
  let (height, width) = (Int(header.height), Int(header.width))
  guard height * width <= greatestPixelCount else {
    throw ImageError.tooLarge(
      path: path, found: "a picture of \(width)x\(height) pixels",
      limit: "\(greatestPixelCount) pixels")
  }
  let rowBytes = (width * Int(header.fileChannels * header.bitDepth) + 7) / 8
  guard format != "PNG" || rowBytes * height <= data.count * greatestPNGRatio else {
    throw ImageError.damaged(
      path: path, format: format,
      reason: "\(data.count) bytes cannot hold the \(width)x\(height) pixels it announces")
  }
  return header
}

private func decode(
  _ data: Data, _ path: String, _ format: String, _ header: ImageIOHeader, _ decode: Decode
) throws -> Image {
  var header = header
  let (height, width) = (Int(header.height), Int(header.width))
  let channels = Int(header.channels)
  let size = height * width * channels
  let pixels = try [UInt8](unsafeUninitializedCapacity: size) { output, count in
    try data.withBytes {
      try check(decode($0, $1, output.baseAddress, &header), header, path, format)
    }
    count = size
  }
  return Image(height: height, width: width, channels: channels, pixels: pixels)
}

extension Image {
  /// Encodes a PNG.
  public func png() -> Data {
    var header = ImageIOHeader()
    (header.height, header.width) = (UInt32(height), UInt32(width))
    (header.channels, header.bitDepth) = (UInt32(channels), 8)
    return encoded(&header) { header, bytes, count in
      pixels.withUnsafeBytes { ImageIOEncodePNG($0.baseAddress, header, bytes, count) }
    }
  }

  /// Encodes a JPEG with colour at half resolution; opacity is dropped.
  ///
  /// - Parameter quality: 1...100.
  /// - Returns: a complete file.
  public func jpeg(quality: Int = 95) -> Data {
    precondition((1...100).contains(quality), "[jpeg] quality \(quality) is outside 1...100")
    let image = channels == 4 ? withChannels(3) : self
    var header = ImageIOHeader()
    (header.height, header.width) = (UInt32(height), UInt32(width))
    header.channels = UInt32(image.channels)
    return encoded(&header) { header, bytes, count in
      ImageIOEncodeJPEG(image.pixels, Int32(quality), header, bytes, count)
    }
  }
}

extension LabelImage {
  /// Encodes a grey PNG of 8 or 16 bits, or with a palette a PNG of indices into it.
  public func png(palette: Palette? = nil) -> Data {
    let greatest = Int(greatest)
    var header = ImageIOHeader()
    (header.height, header.width, header.channels) = (UInt32(height), UInt32(width), 1)
    header.bitDepth = greatest < 256 ? 8 : 16
    if let palette {
      precondition(
        palette.colors.count <= 256 && greatest < palette.colors.count,
        "[png] label \(greatest) needs a palette of \(greatest + 1) to 256 colours, "
          + "found \(palette.colors.count)")
      header.paletteCount = UInt32(palette.colors.count)
      withUnsafeMutableBytes(of: &header.palette) {
        $0.copyBytes(from: palette.colors.flatMap { [$0.red, $0.green, $0.blue] })
      }
    }
    return encoded(&header) { header, bytes, count in
      if greatest < 256 {
        let narrow = labels.map { UInt8(truncatingIfNeeded: $0) }
        return ImageIOEncodePNG(narrow, header, bytes, count)
      }
      return ImageIOEncodePNG(labels, header, bytes, count)
    }
  }
}

private func encoded(
  _ header: inout ImageIOHeader,
  _ encode: (
    UnsafeMutablePointer<ImageIOHeader>, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>,
    UnsafeMutablePointer<Int>
  ) -> ImageIOStatus
) -> Data {
  var bytes: UnsafeMutablePointer<UInt8>?
  var count = 0
  let status = encode(&header, &bytes, &count)
  defer { ImageIOFree(bytes) }
  guard status == ImageIOSuccess, let bytes else {
    preconditionFailure("[encode] \(message(of: header))")
  }
  return Data(bytes: bytes, count: count)
}

private func check(
  _ status: ImageIOStatus, _ header: ImageIOHeader, _ path: String, _ format: String
) throws {
  if status == ImageIOUnsupported {
    let kind = header.fileChannels == 4 ? " (CMYK, for print)" : ""
    throw ImageError.unsupported(
      path: path, found: "a \(format) of \(header.fileChannels) channels\(kind)",
      expected: "1 channel (grey) or 3 (colour)",
      cure: "Convert it to RGB with an image editor, or remove it from the data.")
  }
  if status != ImageIOSuccess {
    throw ImageError.damaged(path: path, format: format, reason: message(of: header))
  }
}

private func message(of header: ImageIOHeader) -> String {
  withUnsafeBytes(of: header.message) {
    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
  }
}

extension Data {
  fileprivate func withBytes(_ body: (UnsafePointer<UInt8>?, Int) throws -> Void) rethrows {
    try withUnsafeBytes { try body($0.bindMemory(to: UInt8.self).baseAddress, $0.count) }
  }
}
