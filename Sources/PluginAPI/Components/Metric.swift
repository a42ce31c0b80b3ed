/// Judges a trained generator on the evaluation set.
///
/// It consumes what it compares, as a ``Loss`` does.
public protocol Metric: Component {
  /// Starts a measurement.
  func measurement() -> any Measurement
}

/// A metric that asks the model for images of its own, such as several of one label map.
///
/// What it consumes is bound, so that an experiment that cannot serve it is refused, but not handed
/// over: its measurement is given the fields that the model generates from
/// (``TrainedModel/conditions``), under their names there.
public protocol ModelMetric: Component {
  /// Starts a measurement of a model.
  func measurement(of model: any TrainedModel) -> any Measurement
}

/// A running measurement; batches are added in a fixed order, without gradients.
public protocol Measurement: AnyObject {
  /// Adds a batch.
  func add(_ inputs: Values)
  /// The figures so far.
  var figures: [Figure] { get }
}

/// One figure of a metric.
public struct Figure: Sendable, Hashable {
  /// Its name, with what qualifies it: `psnr`, `fid10k`.
  public let name: String
  /// The value.
  public let value: Double
  /// Whether more is better.
  public let isBetterHigher: Bool

  /// Creates a figure.
  public init(_ name: String, _ value: Double, isBetterHigher: Bool) {
    self.name = name
    self.value = value
    self.isBetterHigher = isBetterHigher
  }
}
