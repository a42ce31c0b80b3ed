/// A safetensors file that cannot be used, with what was found, what was expected, and the cure.
public struct SafetensorsError: Error, Sendable {
  /// What is wrong.
  public enum Problem: Sendable, Equatable {
    /// The file is too short for the length of its header, or the header is longer than the file.
    case headerLength(found: UInt64, available: Int)
    /// The header is not the JSON of the format.
    case header(String)
    /// The numbers have a format that this reader does not know.
    case unknownType(found: String)
    /// An entry of the header is not as the format says.
    case entry(String)
    /// The offsets lie outside of the data: the file is truncated or damaged.
    case outOfData(range: Range<Int>, dataBytes: Int)
    /// Shape and type need another number of bytes than the offsets give.
    case byteCount(shape: [Int], type: Safetensors.NumberType, expected: Int, found: Int)
    /// Two tensors share bytes.
    case overlap(with: String)
    /// Bytes that belong to no tensor.
    case gap(bytes: Int, offset: Int)
    /// There is no tensor of this name.
    case absent(nearest: String?, count: Int)
    /// A whole number that no `Float` holds exactly.
    case inexact(value: Int64, index: Int)
    /// Whole numbers are asked for, and the tensor has others.
    case notWhole(type: Safetensors.NumberType)
    /// A byte that is neither 0 nor 1 where truth values are expected.
    case notBool(found: UInt8, index: Int)
    /// The checksum in the file is not that of its contents.
    case checksum(found: String, expected: String)
  }

  /// The file.
  public let path: String
  /// The tensor, when the problem is about one.
  public let tensor: String?
  /// What is wrong.
  public let problem: Problem
}

extension SafetensorsError: CustomStringConvertible {
  /// True when the bytes themselves are at fault, so that another copy of the file would help.
  public var isDamage: Bool {
    switch problem {
    case .absent, .inexact, .notWhole, .unknownType: false
    default: true
    }
  }

  /// `file: tensor name: what is wrong; the cure`.
  public var description: String {
    let place = tensor.map { "\(path): tensor \($0)" } ?? path
    return "\(place): \(sentence); \(cure)"
  }

  private var sentence: String {
    switch problem {
    case .headerLength(let found, _) where found > Safetensors.longestHeader:
      "this is no safetensors file, which begins with the length of its header"
    case .headerLength(let found, let available):
      "the header's length is \(found), expected at most \(available)"
    case .header(let reason): "the header is not valid: \(reason)"
    case .unknownType(let found):
      "numbers of type \(found) found, expected one of \(Self.knownTypes)"
    case .entry(let reason): "its header entry is not valid: \(reason)"
    case .outOfData(let range, let dataBytes):
      "bytes \(range.lowerBound)..<\(range.upperBound) expected, "
        + "found \(dataBytes) bytes of data"
    case .byteCount(let shape, let type, let expected, let found):
      "shape \(shape) of \(type.rawValue) needs \(expected) bytes, found \(found)"
    case .overlap(let other): "it shares bytes with tensor \(other)"
    case .gap(let bytes, let offset):
      "\(bytes) bytes from offset \(offset) of the data belong to no tensor"
    case .absent(let nearest, let count):
      "it is not among the \(count) tensors of the file"
        + (nearest.map { "; the nearest name is \($0)" } ?? "")
    case .inexact(let value, let index):
      "number \(index) is \(value), which Float32 cannot hold exactly"
    case .notWhole(let type): "numbers of type \(type.rawValue) found, whole numbers expected"
    case .notBool(let found, let index): "number \(index) is \(found), expected 0 or 1"
    case .checksum(let found, let expected):
      "the contents have checksum \(found), expected \(expected)"
    }
  }

  private var cure: String {
    switch problem {
    case .headerLength(let found, _) where found > Safetensors.longestHeader:
      "name a .safetensors file"
    case .unknownType: "convert the tensor to F32"
    case .absent: "`workbench inspect` lists the names"
    case .notWhole: "read it as Float values"
    case .inexact: "read it as integers"
    default: "the file is damaged or incomplete; copy or download it again"
    }
  }

  private static var knownTypes: String {
    Safetensors.NumberType.allCases.map(\.rawValue).joined(separator: ", ")
  }
}
