/// A checkpoint that cannot be resumed from.
public enum CheckpointError: Error, Sendable, Equatable {
  /// There is no checkpoint in a folder.
  case none(folder: String)
  /// The file is truncated or its contents have changed; the newest older one that is whole.
  case damaged(reason: String, older: String?)
  /// A safetensors file without a record.
  case notACheckpoint(path: String)
  /// Written in another layout.
  case format(path: String, found: Int)
  /// A part of the record is absent or of another type.
  case record(path: String, key: String, found: String, expected: String)
  /// Its tensors are not those of the experiment.
  case mismatch(path: String, TensorMismatch)
}

extension CheckpointError: CustomStringConvertible {
  /// The file, what is wrong with it, and the cure.
  public var description: String {
    switch self {
    case .none(let folder):
      return "\(folder): there is no checkpoint in this folder; start the run without --resume"
    case .damaged(let reason, let older?):
      return
        "\(reason)\nremove this file, and the run goes on from the newest older checkpoint that "
        + "is whole: \(older)"
    case .damaged(let reason, nil):
      return "\(reason)\nthere is no older checkpoint beside it; start the run again"
    case .notACheckpoint(let path):
      return "\(path): these are weights without the record of a run; "
        + "name the file in \"weights\" to start from it"
    case .format(let path, let found):
      return "\(path): the checkpoint has format \(found), expected \(Checkpoint.format); "
        + "resume with the version of the workbench that wrote it"
    case .record(let path, let key, let found, let expected):
      return "\(path): \(key) of the checkpoint is \(found), expected \(expected); "
        + "resume from another checkpoint"
    case .mismatch(let path, let mismatch):
      return "\(path): the checkpoint is of another experiment:\n\(mismatch)\n"
        + "put back the experiment.json that it was written by, or use another run"
    }
  }
}
