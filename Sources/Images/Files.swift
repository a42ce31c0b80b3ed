import Foundation

extension Image {
  /// Reads a PNG or JPEG file, told apart by content and not by name.
  ///
  /// 16-bit samples are rounded to 8, palettes are replaced by their colours, and a file with
  /// transparency gives 4 channels. Colour profiles and orientation tags are not applied.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - channels: 1, 3 or 4 to convert to (see `withChannels`), or `nil` to keep the file's.
  /// - Throws: `ImageError`, which names the file.
  public init(contentsOf url: URL, channels: Int? = nil) throws {
    try self.init(encoded: readFile(url), path: url.path, channels: channels)
  }

  /// Decodes a PNG or JPEG file that is in memory; `path` serves the messages of errors.
  ///
  /// - Throws: `ImageError`.
  public init(encoded: Data, path: String, channels: Int? = nil) throws {
    let format = try FileFormat(of: encoded, path: path)
    let image = try format == .png ? decodePNG(encoded, path) : decodeJPEG(encoded, path)
    self = channels.map(image.withChannels) ?? image
  }

  /// Writes a PNG, or a JPEG where the name ends in `.jpg` or `.jpeg`, under a temporary name first.
  ///
  /// - Parameters:
  ///   - url: the file, replaced if it exists; its folder must exist.
  ///   - quality: of a JPEG, 1...100; a PNG is always exact.
  /// - Throws: `ImageError.unwritable`.
  public func write(to url: URL, quality: Int = 95) throws {
    let isJPEG = ["jpg", "jpeg"].contains(url.pathExtension.lowercased())
    try writeFile(isJPEG ? jpeg(quality: quality) : png(), to: url)
  }
}

extension LabelImage {
  /// Reads the exact values of a palette or grey PNG of up to 16 bits.
  ///
  /// - Throws: `ImageError`, which names the file; a picture in colour is `unsupported`.
  public init(contentsOf url: URL) throws {
    try self.init(encoded: readFile(url), path: url.path)
  }

  /// Decodes the exact values of a PNG that is in memory; `path` serves the messages of errors.
  ///
  /// - Throws: `ImageError`.
  public init(encoded: Data, path: String) throws {
    guard try FileFormat(of: encoded, path: path) == .png else {
      throw ImageError.unsupported(
        path: path, found: "a JPEG file", expected: "labels in a grey or palette PNG",
        cure: "JPEG changes values; take the data's original PNG, or read colours by a palette.")
    }
    self = try decodePNGValues(encoded, path)
  }

  /// Writes a grey PNG of 8 bits, or of 16 where a label exceeds 255; with a palette, in its colours.
  ///
  /// - Parameters:
  ///   - url: the file, replaced if it exists; its folder must exist.
  ///   - palette: up to 256 colours, more than the greatest label.
  /// - Throws: `ImageError.unwritable`.
  public func write(to url: URL, palette: Palette? = nil) throws {
    try writeFile(png(palette: palette), to: url)
  }
}

/// The formats that can be read, told apart by the first bytes.
enum FileFormat {
  case png, jpeg

  init(of data: Data, path: String) throws {
    let head = [UInt8](data.prefix(12))
    if head.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      self = .png
    } else if head.starts(with: [0xFF, 0xD8]) {
      self = .jpeg
    } else if head.isEmpty {
      throw ImageError.empty(path: path)
    } else {
      throw ImageError.unknownFormat(path: path, found: FileFormat.describe(head))
    }
  }

  private static func describe(_ head: [UInt8]) -> String {
    let known: [(String, String)] = [
      ("GIF8", "a GIF file"), ("BM", "a BMP file"), ("II*", "a TIFF file"),
      ("MM\0*", "a TIFF file"), ("RIFF", "a RIFF file, probably WebP"), ("PK", "a ZIP archive"),
      ("\u{1F}", "a compressed file"), ("<", "text that starts with <, such as a web page"),
      ("version https", "a placeholder of Git LFS, not the file itself"),
    ]
    if let (_, name) = known.first(where: { head.starts(with: $0.0.utf8) }) { return name }
    let digits = head.prefix(4).map { String($0, radix: 16).uppercased() }
    return "first bytes \(digits.joined(separator: " ")) (hexadecimal)"
  }
}

private let greatestFileBytes = 1 << 30

private func readFile(_ url: URL) throws -> Data {
  let path = url.path
  let attributes: [FileAttributeKey: Any]
  do {
    attributes = try FileManager.default.attributesOfItem(
      atPath: url.resolvingSymlinksInPath().path)
  } catch {
    throw ImageError.unreadable(path: path, found: "no such file")
  }
  let type = attributes[.type] as? FileAttributeType
  guard type == .typeRegular else {
    let found = type == .typeDirectory ? "a folder" : "a special file"
    throw ImageError.unreadable(path: path, found: found)
  }
  let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
  guard size <= greatestFileBytes else {
    throw ImageError.tooLarge(
      path: path, found: "\(size) bytes", limit: "\(greatestFileBytes) bytes")
  }
  do {
    return try Data(contentsOf: url)
  } catch {
    throw ImageError.unreadable(path: path, found: "a file that cannot be read")
  }
}

private func writeFile(_ data: Data, to url: URL) throws {
  do {
    try data.write(to: url, options: .atomic)
  } catch {
    throw ImageError.unwritable(path: url.path, reason: error.localizedDescription)
  }
}
