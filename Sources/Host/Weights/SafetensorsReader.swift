import PluginAPI

/// Reads a safetensors file: the header at once, each tensor when asked for.
///
///     let file = try SafetensorsReader("vgg19.safetensors")
///     let weight = try file.tensor(named: "features.0.weight")   // [64, 3, 3, 3]
///
/// Opening checks all of the header against the size of the file: every byte of the data belongs
/// to exactly one tensor.
public final class SafetensorsReader {
  /// The file's path.
  public let path: String
  /// The texts that the writer left beside the tensors.
  public let metadata: [String: String]
  /// The tensors in the order of their bytes.
  public let entries: [Safetensors.Entry]
  private let file: OpenFile
  private let dataOffset: Int
  private let byName: [String: Safetensors.Entry]

  /// Opens a file and checks its header.
  ///
  /// - Throws: `FileError`, or `SafetensorsError` for the first fault found.
  public init(_ path: String) throws {
    self.path = path
    file = try OpenFile(path, for: .reading)
    let size = try file.size()
    guard size >= 8 else {
      throw FileError.truncated(path: path, offset: 0, expected: 8, found: size)
    }
    let length = try file.read(UInt64(0), count: 1, at: 0)[0]
    guard length >= 2, length <= min(size - 8, Safetensors.longestHeader) else {
      let available = min(size - 8, Safetensors.longestHeader)
      throw SafetensorsError(
        path: path, tensor: nil, problem: .headerLength(found: length, available: available))
    }
    dataOffset = 8 + Int(length)
    let bytes = try file.read(UInt8(0), count: Int(length), at: 8)
    let header = try SafetensorsHeader(bytes, path: path, dataBytes: size - dataOffset)
    metadata = header.metadata
    entries = header.entries
    byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
  }

  /// The names of all tensors, in the order of their bytes.
  public var names: [String] { entries.map(\.name) }

  /// What the header says of a tensor; nil when there is none of this name.
  public func entry(named name: String) -> Safetensors.Entry? { byName[name] }

  /// Reads a tensor as `Float` values; wider floats are rounded, whole numbers must be exact.
  ///
  /// - Throws: `SafetensorsError` when absent or not exact, `FileError` when reading fails.
  public func values(named name: String) throws -> [Float] {
    let entry = try present(name)
    return try reading(entry) { try block(entry).floats(0..<entry.count).values }
  }

  /// Reads a tensor of whole numbers exactly.
  ///
  /// - Throws: `SafetensorsError` when absent or of a floating type, `FileError`.
  public func integers(named name: String) throws -> [Int64] {
    let entry = try present(name)
    if [.f64, .f32, .f16, .bf16].contains(entry.type) {
      throw error(entry, .notWhole(type: entry.type))
    }
    return try reading(entry) { try block(entry).integers(0..<entry.count) }
  }

  /// Reads a tensor.
  ///
  /// - Throws: as `values(named:)`.
  public func tensor(named name: String) throws -> Tensor {
    let entry = try present(name)
    guard entry.type == .f32 else { return try Tensor(values(named: name), entry.shape) }
    let offset = dataOffset + entry.range.lowerBound
    return try Tensor(entry.shape) {
      try file.read(into: UnsafeMutableRawBufferPointer($0), at: offset)
    }
  }

  /// Reads all tensors.
  ///
  /// - Throws: as `values(named:)`.
  public func tensors() throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for name in names { tensors[name] = try tensor(named: name) }
    return tensors
  }

  /// The bytes before the data: the header's length and the header.
  func headerBytes() throws -> [UInt8] { try file.read(UInt8(0), count: dataOffset, at: 0) }

  private func present(_ name: String) throws -> Safetensors.Entry {
    if let entry = byName[name] { return entry }
    let nearest = NearestName.find(name, among: names)
    throw SafetensorsError(
      path: path, tensor: name, problem: .absent(nearest: nearest, count: entries.count))
  }

  /// The tensors as those of any weights file.
  func stored() throws -> [StoredTensor] {
    entries.compactMap { entry in
      StridedLayout(entry.shape, within: entry.count).map {
        StoredTensor(name: entry.name, block: block(entry), layout: $0)
      }
    }
  }

  private func block(_ entry: Safetensors.Entry) -> NumberBlock {
    NumberBlock(
      file: file, offset: dataOffset + entry.range.lowerBound, type: entry.type,
      count: entry.count)
  }

  private func reading<Result>(
    _ entry: Safetensors.Entry, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch NumberBlock.Fault.inexact(let value, let index) {
      throw error(entry, .inexact(value: value, index: index))
    } catch NumberBlock.Fault.notBool(let found, let index) {
      throw error(entry, .notBool(found: found, index: index))
    }
  }

  private func error(
    _ entry: Safetensors.Entry, _ problem: SafetensorsError.Problem
  ) -> SafetensorsError {
    SafetensorsError(path: path, tensor: entry.name, problem: problem)
  }
}
