import Foundation

/// The checkpoints of a run: `step-<n>.safetensors`, the last few of them.
public struct CheckpointFolder: Sendable {
  /// The folder's path.
  public let path: String
  /// How many checkpoints stay; older ones are removed after a newer one is safely written.
  public let keep: Int

  /// Speaks of a folder; it is made by the first `save`.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - keep: how many stay, at least 1.
  public init(_ path: String, keep: Int = 3) {
    precondition(keep >= 1, "[CheckpointFolder] keeps \(keep), expected at least 1")
    self.path = path
    self.keep = keep
  }

  /// The checkpoints from the oldest to the newest.
  public var files: [(step: Int, path: String)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { name in
      CheckpointFolder.step(of: name).map { ($0, "\(path)/\(name)") }
    }
    .sorted { $0.step < $1.step }
  }

  /// Writes a checkpoint and removes those that are too old.
  ///
  /// - Returns: the path of the new file.
  /// - Throws: `FileError`; all older checkpoints are still there then.
  @discardableResult
  public func save(_ checkpoint: Checkpoint) throws -> String {
    try RunFolder.makeFolders(path)
    AtomicFile.removeLeftovers(in: path)
    let file = "\(path)/step-\(checkpoint.record.step).safetensors"
    try checkpoint.save(to: file)
    // Those of later steps were not made by this run as it stands; they are not its to remove.
    let older = files.filter { $0.step <= checkpoint.record.step }
    for (_, old) in older.dropLast(keep) { unlink(old) }
    return file
  }

  /// Reads the newest checkpoint, or the one of a step.
  ///
  /// - Parameter step: the step; nil for the newest.
  /// - Returns: the checkpoint.
  /// - Throws: `CheckpointError`, `FileError`.
  public func load(step: Int? = nil) throws -> Checkpoint {
    if let step {
      return try Checkpoint.load("\(path)/step-\(step).safetensors")
    }
    guard let newest = files.last else { throw CheckpointError.none(folder: path) }
    return try Checkpoint.load(newest.path)
  }

  /// The newest whole checkpoint beside a file that is older than it.
  static func newestWhole(before path: String) -> String? {
    let (folder, name) = AtomicFile.split(path)
    let limit = step(of: name) ?? .max
    return CheckpointFolder(folder).files
      .last { $0.step < limit && $0.path != path && Checkpoint.isWhole($0.path) }?.path
  }

  private static func step(of name: String) -> Int? {
    guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
    return Int(name.dropFirst(5).dropLast(12))
  }
}
