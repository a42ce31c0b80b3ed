import Foundation
import Tensor

/// Reference arrays in `Tests/Fixtures/<name>.safetensors`, written by `<name>.py` beside it.
///
/// ```swift
/// let fixture = try Fixture.load("convolution")
/// let x = try fixture["plain/x"].channelsLast()
/// ```
public struct Fixture {
  /// One array of the file.
  public struct Entry {
    /// Its name in the file.
    public let name: String
    /// The size of each axis.
    public let shape: [Int]
    /// The numbers, row-major.
    public let values: [Float]
  }

  /// What is wrong with a fixture.
  public struct Failure: Error, CustomStringConvertible {
    /// One sentence with the path.
    public let description: String
  }

  private let path: String
  private let entries: [String: Entry]

  /// Reads `Tests/Fixtures/<name>.safetensors`.
  public static func load(_ name: String) throws -> Fixture {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures")
    return try Fixture(contentsOf: folder.appendingPathComponent(name + ".safetensors"))
  }

  /// Reads a safetensors file of 32-bit floats.
  public init(contentsOf url: URL) throws {
    let path = url.path
    let data = try Data(contentsOf: url)
    guard data.count >= 8 else { throw Failure(description: "\(path): shorter than its header") }
    let headerCount = data.prefix(8).enumerated().reduce(0) {
      $0 | Int($1.element) << (8 * $1.offset)
    }
    guard headerCount > 0, headerCount <= data.count - 8,
      let header = try JSONSerialization.jsonObject(with: data[8..<(8 + headerCount)])
        as? [String: [String: Any]]
    else { throw Failure(description: "\(path): no safetensors header") }
    let body = data.dropFirst(8 + headerCount)
    var entries: [String: Entry] = [:]
    for (name, fields) in header where name != "__metadata__" {
      guard fields["dtype"] as? String == "F32", let shape = fields["shape"] as? [Int],
        let range = fields["data_offsets"] as? [Int], range.count == 2, range[0] >= 0,
        range[1] <= body.count, range[1] - range[0] == 4 * shape.reduce(1, *)
      else { throw Failure(description: "\(path): \(name) is not a sound array of F32: \(fields)") }
      let bytes = [UInt8](body.dropFirst(range[0]).prefix(range[1] - range[0]))
      let values = bytes.withUnsafeBytes { raw in
        (0..<(raw.count / 4)).map { index in
          Float(
            bitPattern: UInt32(
              littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
        }
      }
      entries[name] = Entry(name: name, shape: shape, values: values)
    }
    self.path = path
    self.entries = entries
  }

  /// The file's name without its ending.
  public var name: String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }

  /// The names of all arrays, sorted.
  public var names: [String] { entries.keys.sorted() }

  /// The array called `name`.
  public subscript(name: String) -> Entry {
    get throws {
      guard let entry = entries[name] else {
        throw Failure(
          description: "\(path): no array \(name) among \(names.joined(separator: ", "))")
      }
      return entry
    }
  }
}

extension Fixture.Entry {
  /// The array as a tensor, in its own order.
  public func tensor() -> Tensor { Tensor(values, shape) }

  /// An array `[N, C, H, W]` as a tensor `[N, H, W, C]`.
  public func channelsLast() throws -> Tensor {
    guard shape.count == 4 else {
      throw Fixture.Failure(description: "\(name) has shape \(shape), expected [N, C, H, W]")
    }
    let (n, c, h, w) = (shape[0], shape[1], shape[2], shape[3])
    var result = [Float](repeating: 0, count: values.count)
    for sample in 0..<n {
      for channel in 0..<c {
        for pixel in 0..<(h * w) {
          result[(sample * h * w + pixel) * c + channel] =
            values[(sample * c + channel) * h * w + pixel]
        }
      }
    }
    return Tensor(result, [n, h, w, c])
  }
}
