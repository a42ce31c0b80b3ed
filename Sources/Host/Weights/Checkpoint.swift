import PluginAPI

/// Everything a run needs to go on as if it had never stopped, in one safetensors file.
///
/// Tensors are named `group/path`, for instance `generator/blocks.0.norm.scale`,
/// `average/blocks.0.norm.scale` or `optimizer.generator/blocks.0.norm.scale.first`. The record
/// stands in the file's metadata, whole numbers in decimal, so that other programs can read it.
public struct Checkpoint {
  /// The version of the layout described here.
  public static let format = 1

  /// Where a run stands.
  public struct Record: Sendable, Equatable {
    /// Steps made.
    public var step: Int
    /// Real images shown.
    public var images: Int
    /// Passes over the dataset completed.
    public var epoch: Int
    /// The seed of the run.
    public var seed: UInt64
    /// The hash of the resolved experiment.
    public var experimentHash: String
    /// What else must survive: stage, optimizers' counts, plugin versions.
    public var extra: JSONValue

    /// Describes where a run stands.
    public init(
      step: Int, images: Int, epoch: Int = 0, seed: UInt64,
      experimentHash: String = "", extra: JSONValue = [:]
    ) {
      self.step = step
      self.images = images
      self.epoch = epoch
      self.seed = seed
      self.experimentHash = experimentHash
      self.extra = extra
    }
  }

  /// Where the run stands.
  public var record: Record
  /// The tensors by `group/path`.
  public var tensors: [String: Tensor]

  /// Puts a checkpoint together.
  public init(_ record: Record, tensors: [String: Tensor] = [:]) {
    self.record = record
    self.tensors = tensors
  }

  /// The tensors of a group by path; setting replaces the whole group.
  public subscript(group: String) -> [String: Tensor] {
    get {
      let prefix = group + "/"
      let members = tensors.filter { $0.key.hasPrefix(prefix) }
      return Dictionary(
        uniqueKeysWithValues: members.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }
    set {
      tensors = tensors.filter { !$0.key.hasPrefix(group + "/") }
      for (path, tensor) in newValue { tensors["\(group)/\(path)"] = tensor }
    }
  }
}
