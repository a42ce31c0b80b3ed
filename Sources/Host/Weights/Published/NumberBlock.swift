internal import CZlib

/// Numbers of one format that lie side by side in a file, as they are or deflated.
public struct NumberBlock {
  /// A number that is not what it should be.
  public enum Fault: Error, Sendable, Equatable {
    /// A whole number that no `Float` holds exactly.
    case inexact(value: Int64, index: Int)
    /// A byte that is neither 0 nor 1 where truth values are expected.
    case notBool(found: UInt8, index: Int)
  }

  let file: OpenFile
  /// Where the first number lies in the file; where it is deflated, where that begins.
  let offset: Int
  /// The format of the numbers.
  let type: Safetensors.NumberType
  /// How many numbers there are.
  let count: Int
  /// Nil where the numbers lie in the file as they are.
  var deflated: Deflated?
  /// The entry of a zip file whose bytes these are.
  var entry: ZipEntry?

  /// How numbers are packed.
  struct Deflated {
    /// The length of what lies in the file.
    let bytes: Int
    /// The length of what comes out of it.
    let inflated: Int
    /// Bytes before the first number, in what comes out.
    let skipped: Int
  }

  /// Reads numbers as they lie there.
  ///
  /// - Parameters:
  ///   - zero: any number of the type, of `type.bytes` bytes.
  ///   - range: which of the block's numbers.
  /// - Returns: these numbers.
  /// - Throws: `FileError`, `WeightsFileError`.
  func load<Value: BitwiseCopyable>(_ zero: Value, _ range: Range<Int>) throws -> [Value] {
    let stride = MemoryLayout<Value>.stride
    precondition(
      stride == type.bytes && range.upperBound <= count,
      "[NumberBlock] \(range) of \(Value.self) asked of \(count) \(type.rawValue)")
    guard let deflated else {
      return try file.read(zero, count: range.count, at: offset + range.lowerBound * stride)
    }
    let packed = try file.read(UInt8(0), count: deflated.bytes, at: offset)
    var all = [Value](repeating: zero, count: deflated.inflated / stride)
    let made = workbench_inflate(
      packed, UInt32(packed.count), &all, UInt32(all.count * stride), 1)
    guard made == all.count * stride, let entry else {
      throw WeightsFileError.damaged(
        path: file.path, place: entry?.name ?? "byte \(offset)",
        reason: "the compressed bytes are not sound")
    }
    try entry.compare(workbench_crc32(0, all, UInt(made)), in: file.path)
    let start = deflated.skipped / stride + range.lowerBound
    return Array(all[start..<(start + range.count)])
  }

  /// Reads numbers as `Float` values; wider floats are rounded, whole numbers must be exact.
  ///
  /// - Returns: the numbers, and how many finite ones were beyond `Float` and became infinite.
  /// - Throws: `Fault`, and as `load`.
  func floats(_ range: Range<Int>) throws -> (values: [Float], beyond: Int) {
    switch type {
    case .f32: return (try load(Float(0), range), 0)
    case .f64:
      let wide = try load(Double(0), range)
      let values = wide.map { Float($0) }
      let beyond = zip(wide, values).reduce(0) { $0 + ($1.0.isFinite && !$1.1.isFinite ? 1 : 0) }
      return (values, beyond)
    case .bf16:
      return (try load(UInt16(0), range).map { Float(bitPattern: UInt32($0) << 16) }, 0)
    case .f16: return (try load(Float16(0), range).map { Float($0) }, 0)
    case .i64, .i32, .i16, .i8, .u8, .bool:
      var values: [Float] = []
      values.reserveCapacity(range.count)
      for (index, value) in try integers(range).enumerated() {
        guard let exact = Float(exactly: value) else {
          throw Fault.inexact(value: value, index: range.lowerBound + index)
        }
        values.append(exact)
      }
      return (values, 0)
    }
  }

  /// Reads whole numbers; `type` must be one of them.
  ///
  /// - Throws: `Fault`, and as `load`.
  func integers(_ range: Range<Int>) throws -> [Int64] {
    switch type {
    case .i64: return try load(Int64(0), range)
    case .i32: return try load(Int32(0), range).map { Int64($0) }
    case .i16: return try load(Int16(0), range).map { Int64($0) }
    case .i8: return try load(Int8(0), range).map { Int64($0) }
    case .u8: return try load(UInt8(0), range).map { Int64($0) }
    case .bool:
      return try load(UInt8(0), range).enumerated().map { index, byte in
        guard byte <= 1 else {
          throw Fault.notBool(found: byte, index: range.lowerBound + index)
        }
        return Int64(byte)
      }
    case .f64, .f32, .f16, .bf16:
      preconditionFailure("[NumberBlock] whole numbers asked of \(type.rawValue)")
    }
  }
}
