/// Anything an experiment can choose by name.
///
/// A component is made in three moves, of which the first two need no data and no weights:
/// it says what it consumes, then, knowing what that is bound to, what it provides, and then it
/// is built.
public protocol Component: SendableMetatype {
  /// The settings it takes in the experiment file.
  associatedtype Hyperparameters: HyperparameterSet = NoHyperparameters

  /// The ports that must be bound before the component can run. By default none.
  ///
  /// They are bound in the order of the list, and the list is asked for again before each: what is
  /// bound already is in ``PortContext/bound``, so that the size of a later port may follow from an
  /// earlier one (a latent map of eight channels a class).
  ///
  /// - Throws: ``ConfigurationError`` when the settings cannot work.
  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) throws -> [Port]

  /// The ports others may consume, with every size that is known now. By default none.
  ///
  /// - Throws: ``ConfigurationError`` when the settings cannot work with what is bound.
  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) throws -> [Port]

  /// Builds the component; weights are drawn later, each from a stream named by its path.
  ///
  /// - Throws: ``ConfigurationError`` when it cannot be built as asked.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws
}

extension Component {
  /// Nothing consumed.
  public static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] { [] }

  /// Nothing provided.
  public static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] { [] }
}

/// The kinds of component; each is one protocol.
public enum ComponentKind: String, Sendable, CaseIterable {
  case dataset, encoder, latent, generator, view, discriminator
  case adversarialLoss = "adversarial-loss"
  case loss, regularizer, perceptor, optimizer, schedule, metric, adapter, tool

  /// The kind of a component's type.
  public init?(_ type: any Component.Type) {
    switch type {
    case is any Dataset.Type: self = .dataset
    case is any Encoder.Type: self = .encoder
    case is any Latent.Type: self = .latent
    case is any Generator.Type: self = .generator
    case is any View.Type: self = .view
    case is any Discriminator.Type: self = .discriminator
    case is any AdversarialLoss.Type: self = .adversarialLoss
    case is any Loss.Type: self = .loss
    case is any Regularizer.Type: self = .regularizer
    case is any Perceptor.Type: self = .perceptor
    case is any Optimizer.Type: self = .optimizer
    case is any Schedule.Type: self = .schedule
    case is any Metric.Type, is any ModelMetric.Type: self = .metric
    case is any Adapter.Type: self = .adapter
    case is any Tool.Type: self = .tool
    default: return nil
    }
  }
}
