/// A perceptor that the workbench can train before metrics look through it, where nobody gives it
/// weights.
public protocol Pretrainable: Perceptor {
  /// Says how it is trained on a dataset.
  ///
  /// - Parameter fields: what the dataset provides.
  /// - Returns: `nil` where that is not enough.
  static func pretraining(on fields: [Port]) -> Pretraining?
}

/// How a perceptor is trained on a dataset.
public struct Pretraining: Sendable {
  /// What suits the dataset, for settings of which the experiment says nothing.
  public let settings: Setting
  /// The stage, as an experiment file would write it, in an experiment without other perceptors.
  public let stage: String

  /// Describes a training.
  public init(settings: Setting = [:], stage: String) {
    self.settings = settings
    self.stage = stage
  }
}
