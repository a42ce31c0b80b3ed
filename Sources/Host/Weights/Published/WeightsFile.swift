import PluginAPI

/// A file of weights in any of the formats that are read; which one, its first bytes say.
///
///     let file = try WeightsFile("latest_net_G.pth")
///     for tensor in file.groups[0].tensors { print(tensor.name, tensor.shape) }
///
/// Opening reads names, shapes and places, and checks all of them against the size of the file;
/// numbers are read a tensor at a time when asked for. Nothing that a file says is run.
public final class WeightsFile {
  /// What a file is.
  public enum Format: String, Sendable {
    /// Header and numbers.
    case safetensors
    /// PyTorch's of version 1.6 and later: a zip file of pickled objects and numbers.
    case torch = "PyTorch"
    /// PyTorch's before version 1.6: pickled objects, then numbers.
    case torchStream = "PyTorch before 1.6"
    /// A zip file of arrays.
    case npz
    /// One array.
    case npy
  }

  /// The file's path.
  public let path: String
  /// What it is.
  public let format: Format
  /// Its tensors, by the keys that lead to them; at least one group, which may be empty.
  public let groups: [TensorGroup]
  /// What a person should know of what was read so far.
  public private(set) var notes: [String]
  private let zip: ZipFile?
  private var verified: Set<Int> = []

  /// Opens a file.
  ///
  /// - Throws: `FileError`, `SafetensorsError`, `WeightsFileError`.
  public init(_ path: String) throws {
    self.path = path
    let file = try OpenFile(path, for: .reading)
    let first = try file.read(UInt8(0), count: min(8, try file.size()), at: 0)
    let length = first.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    var notes: [String] = []
    switch first {
    case _ where first.starts(with: ZipFile.signature):
      let zip = try ZipFile(file)
      self.zip = zip
      if zip.entries.contains(where: { !$0.isDeflated && $0.checksum == 0 && $0.size > 0 }) {
        notes.append("it was saved without checksums, so that damage to it would go unnoticed")
      }
      if !zip.entries.isEmpty, zip.entries.allSatisfy({ $0.name.hasSuffix(".npy") }) {
        format = .npz
        groups = [TensorGroup("", try zip.entries.map { try NumpyArray.tensor($0, in: zip) })]
      } else {
        format = .torch
        groups = try TorchFile.groups(zip, notes: &notes)
      }
    case _ where first.starts(with: NumpyArray.signature):
      (zip, format) = (nil, .npy)
      groups = [TensorGroup("", [try NumpyArray.tensor(file)])]
    // A header of safetensors may be 0x…80 bytes long, but not this long.
    case _ where first.first == 0x80 && length > Safetensors.longestHeader:
      (zip, format) = (nil, .torchStream)
      groups = try TorchFile.groups(file, notes: &notes)
    default:
      guard first.count == 8, length <= Safetensors.longestHeader else {
        throw WeightsFileError.unsupported(
          path: path, reason: "this is no file of weights",
          cure: "read are checkpoints of PyTorch, .safetensors, .npz and .npy files")
      }
      (zip, format) = (nil, .safetensors)
      groups = [TensorGroup("", try SafetensorsReader(path).stored())]
    }
    self.notes = notes
  }

  /// Reads a tensor as `Float` values, the last axis fastest.
  ///
  /// A view may say one number a billion times, so callers first compare its shape with what they
  /// expect.
  ///
  /// - Throws: `WeightsFileError` for a whole number that no `Float` holds, `FileError`.
  public func values(_ tensor: StoredTensor) throws -> [Float] {
    guard tensor.count > 0 else { return [] }
    if let zip, let entry = tensor.block.entry, verified.insert(entry.header).inserted {
      try zip.verify(entry)
    }
    let layout = tensor.layout
    do {
      let (values, beyond) = try tensor.block.floats(layout.offset..<layout.end)
      if beyond > 0 {
        notes.append("\(tensor.name): \(beyond) × beyond Float32, became infinite")
      }
      return layout.isContiguous ? values : layout.gathered(values)
    } catch let fault as NumberBlock.Fault {
      throw WeightsFileError.number(path: path, tensor: tensor.name, fault)
    }
  }

  /// Reads a tensor.
  ///
  /// - Throws: as `values`.
  public func tensor(_ stored: StoredTensor) throws -> Tensor {
    try Tensor(values(stored), stored.shape)
  }
}
