import PluginAPI
import Tensor

/// An experiment file, read and checked for form; nothing is matched or built yet.
///
/// Grammar and meaning of each key: `Documentation/ExperimentFile.md`.
public struct Experiment: Sendable {
  /// The name runs are called by.
  public var name: String
  /// The seed of every random stream.
  public var seed: UInt64
  /// The numbers that convolutions multiply in training.
  public var precision = Precision.single
  /// Where samples come from.
  public var dataset: Part
  /// Latents by name; the short form `latent` makes one called `latent`.
  public var latents: [Part]
  /// Feature networks by name, for slots and stages to share.
  public var perceptors: [Part]
  /// Encoders by name.
  public var encoders: [Part]
  /// The generator; absent where only stages train.
  public var generator: Part?
  /// What the generator is run for in a step; `main` unless the file names several.
  public var generations: [Generation]
  /// The discriminators, in order.
  public var discriminators: [Part]
  /// The losses, in order.
  public var losses: [Part]
  /// Optimizers by the name that phases use.
  public var optimizers: [Part]
  /// The phases of a step.
  public var procedure: Procedure
  /// What comes before: pre-training, each with its own losses, optimizers and phases.
  public var stages: [Stage]
  /// Length and batch size.
  public var training: Training
  /// What is reported, and how often.
  public var reports: Reports
  /// The folder that run folders are made in.
  public var output: String
}

extension Experiment {
  /// One chosen component.
  public struct Part: Sendable {
    /// Where it stands, as phases and messages name it: `generator`, `discriminators.0`.
    public var path: String
    /// Where it stands in the file.
    public var place: JSONPath
    /// `plugin/component`.
    public var use: String
    /// Its settings as written.
    public var with: Setting
    /// Ports bound by hand: own port → `path.port` of the provider.
    public var inputs: [String: String] = [:]
    /// Another part whose weights this one uses: `encoders.style`.
    public var shares: String?
    /// A run folder or weights file that it starts from.
    public var weights: String?
    /// A view, for discriminators.
    public var view: ComponentReference?
    /// A schedule, for optimizers.
    public var schedule: ComponentReference?
    /// How often an optimizer forgets its state; never when absent.
    public var restart: TrainingDuration?
    /// The image a discriminator judges, or the discriminators and images a loss reads.
    public var on: [String] = []
    /// Which batch a discriminator's real images come from.
    public var real = RealSource.same
    /// The factor of a loss.
    public var weight = Weight.constant(1)
    /// The name of a loss in phases and logs.
    public var name = ""
  }

  /// Which batch a discriminator's real images come from.
  public enum RealSource: String, Sendable, CaseIterable {
    /// The batch that the fakes are made from.
    case same
    /// Another one, so that no real image stands beside the fake made from it.
    case other
  }

  /// One run of the generator in a step.
  public struct Generation: Sendable {
    /// Its name; values are addressed as `main.image`.
    public var name: String
    /// Where it stands in the file.
    public var place: JSONPath
    /// Ports of the generator bound by hand for this run.
    public var inputs: [String: String]
  }

  /// A factor, constant or ramped.
  public enum Weight: Sendable, Equatable {
    case constant(Float)
    case ramp(from: Float, to: Float, over: TrainingDuration)

    /// The factor at a point of training.
    public func value(at progress: TrainingProgress) -> Float {
      switch self {
      case .constant(let value): value
      case .ramp(let start, let end, let duration):
        start + (end - start) * Float(min(1, duration.fraction(at: progress)))
      }
    }
  }

  /// How long training goes on.
  public struct Training: Sendable {
    /// Samples a batch.
    public var batchSize = 8
    /// The length.
    public var duration = TrainingDuration.images(200_000)
    /// The moving average of the generator's weights; `nil` for none.
    public var average: Average?
    /// How often a checkpoint is written; at every report when absent.
    public var checkpointEvery: TrainingDuration?
    /// How many checkpoints are kept.
    public var checkpointsKept = 2
  }

  /// A moving average of weights.
  public enum Average: Sendable, Equatable {
    /// The span after which an old weight counts half.
    case halfLife(TrainingDuration)
    /// The factor on the old average at each step, as papers print it.
    case decay(Float)
  }

  /// What is reported, and how often.
  public struct Reports: Sendable {
    /// The interval.
    public var every = TrainingDuration.images(10_000)
    /// Samples in the grid.
    public var samples = 16
    /// Metrics, measured on the validation split.
    public var metrics: [Part] = []
    /// Samples that metrics look at, at most.
    public var metricSamples = 256
    /// Whether samples are drawn with batch statistics and dropout, as some papers do.
    public var sampleMode = SampleMode.evaluation
  }

  /// How networks behave when one samples.
  public enum SampleMode: String, Sendable, CaseIterable { case evaluation, training }

  /// A stage, one before the adversarial one or that itself.
  public struct Stage: Sendable {
    /// Its name.
    public var name: String
    /// Its losses.
    public var losses: [Part]
    /// Its optimizers.
    public var optimizers: [Part]
    /// Its phases.
    public var procedure: Procedure
    /// Its length.
    public var training: Training
  }
}

extension Experiment {
  /// The stages in order, the adversarial one last where there is a generator.
  var allStages: [Stage] {
    guard generator != nil else { return stages }
    let adversarial = Stage(
      name: "adversarial", losses: losses, optimizers: optimizers, procedure: procedure,
      training: training)
    return stages + [adversarial]
  }
}
