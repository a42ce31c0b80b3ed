import PluginAPI

/// What a training step does: phases, one after the other.
public struct Procedure: Sendable {
  /// The id it came from; `nil` when the experiment wrote it out.
  public var id: String?
  /// The phases in order.
  public var phases: [Phase]
}

/// One update of a step.
public struct Phase: Sendable, Equatable {
  /// Its name in logs.
  public var name: String
  /// Where it stands, for messages.
  public var place = JSONPath()
  /// Path prefixes of the parameters it updates: `generator`, `discriminators.0`, `encoders.style`.
  public var updates: [String]
  /// The optimizer's name.
  public var optimizer: String
  /// The losses it sums.
  public var losses: Losses
  /// Whether it looks at the step's batch or draws a new one.
  public var batch = Batch.same
  /// Whether it uses the images made before or makes new ones.
  public var generation = Generation.reuse
  /// The generations it makes anew, where not all of them; the others are used again.
  public var fresh: [String] = []
  /// In which order a discriminator sees fake and real images; batch statistics count calls.
  public var pass = Pass.fakeFirst
  /// Networks that behave otherwise than in training, by path prefix.
  public var modes: [String: Mode] = [:]
  /// The largest norm of the gradients of some parameters.
  public var clip: Clip?
  /// Whether its gradients are applied at once or join those of the next phase of its optimizer.
  public var step = Step.now
  /// How often it runs.
  public var every = TrainingDuration.steps(1)

  /// The losses of a phase.
  public enum Losses: Sendable, Equatable {
    /// Every loss of that side.
    case side(LossSide)
    /// Losses by name, with the side that adversarial ones take.
    case named([String], LossSide)

    /// Whose move it is.
    public var side: LossSide {
      switch self {
      case .side(let side), .named(_, let side): side
      }
    }
  }

  /// Which batch.
  public enum Batch: String, Sendable, CaseIterable { case same, new }
  /// Which images.
  public enum Generation: String, Sendable, CaseIterable { case reuse, fresh }
  /// In which order discriminators see images.
  public enum Pass: String, Sendable, CaseIterable { case joint, fakeFirst, realFirst }
  /// When gradients are applied.
  public enum Step: String, Sendable, CaseIterable { case now, later }
  /// How a network behaves.
  public enum Mode: String, Sendable, CaseIterable { case training, evaluation }

  /// A bound on a gradient's norm.
  public struct Clip: Sendable, Equatable {
    /// The largest norm, over all the parameters together.
    public var norm: Float
    /// Path prefixes of the parameters it concerns.
    public var of: [String]
  }
}
