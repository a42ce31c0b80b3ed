/// The safetensors format: a JSON header and one block of numbers.
///
///     8 bytes   length of the header, little endian
///     header    { "__metadata__": { text: text }, name: { dtype, shape, data_offsets }, … }
///     data      the tensors without gaps, row-major, little endian
///
/// Source: github.com/huggingface/safetensors, README, "Format".
public enum Safetensors {
  /// A longer header is refused, as the format's own library does.
  public static let longestHeader = 100_000_000
  /// The header's key for the metadata.
  static let metadataKey = "__metadata__"

  /// The number formats a file may hold.
  public enum NumberType: String, CaseIterable, Sendable {
    case f64 = "F64"
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case i64 = "I64"
    case i32 = "I32"
    case i16 = "I16"
    case i8 = "I8"
    case u8 = "U8"
    case bool = "BOOL"

    /// The bytes of one number.
    public var bytes: Int {
      switch self {
      case .f64, .i64: 8
      case .f32, .i32: 4
      case .f16, .bf16, .i16: 2
      case .i8, .u8, .bool: 1
      }
    }
  }

  /// What the header says of one tensor.
  public struct Entry: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// The format of its numbers.
    public let type: NumberType
    /// Its sizes; empty for a single number.
    public let shape: [Int]
    /// Its bytes, counted from the start of the data.
    public let range: Range<Int>
    /// The number of its values.
    public var count: Int { range.count / type.bytes }
  }
}
