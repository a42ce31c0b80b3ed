/// Turns fields into a condition: vectors, words, maps or style codes.
public protocol Encoder: Component, Module {
  /// Encodes what it consumes; the result has a value for every provided port.
  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values

  /// What stands in for outputs that exist only in training, when one samples.
  ///
  /// A style encoder looks at the real image; sampling draws its `z` from the prior instead. Key:
  /// the provided port; a port that is not named is ``SamplingSource/absent``. Empty by default: the
  /// encoder runs when sampling too. What a generator needs must not be absent.
  static func samplingSources(_ hyperparameters: Hyperparameters) -> [String: SamplingSource]
}

extension Encoder {
  /// Nothing replaced.
  public static func samplingSources(
    _ hyperparameters: Hyperparameters
  ) -> [String: SamplingSource] { [:] }
}

/// What replaces an encoder's output when sampling.
public enum SamplingSource: String, Sendable {
  /// Standard normal noise of the same shape.
  case standardNormal
  /// Nothing: only training reads it.
  case absent
}

/// Supplies z.
public protocol Latent: Component {
  /// Draws one latent a sample, of the sizes its port was bound to.
  func callAsFunction(_ count: Int, _ inputs: Values, in context: CallContext) -> Values
}

/// Makes images from condition and z.
public protocol Generator: Component, Module {
  /// Generates; the result has a value for every provided port, images in -1...1.
  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values
}

/// Judges images, in two moves, so that one look can serve several conditions.
///
/// - Ports: it consumes one image named `image`, filled in by the training loop with the real or
///   the generated one; its conditions say with ``Port/atJudgement`` if only the head reads them.
///   It provides `logits`, and whatever else losses may use (`features`, a segmentation).
public protocol Discriminator: Component, Module {
  /// The trunk: the image, `inputs["image"]`, and conditions read there.
  ///
  /// - Returns: at least what ``judge(_:_:in:)`` reads.
  func features(_ inputs: Values, in context: CallContext) -> Values

  /// The heads: a value for every provided port.
  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values
}

extension Discriminator {
  /// Both moves on one set of inputs.
  public func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    judge(features(inputs, in: context), inputs, in: context)
  }
}

/// A feature network that others look through, frozen unless a stage trains it.
public protocol Perceptor: Component, Module {
  /// Looks at `inputs["image"]`, in -1...1, `[N, H, W, 3]`; a value for every provided port.
  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values
}

/// What a discriminator gets to see of an image.
public protocol View: Component {
  /// The port a discriminator sees in place of `port`: the same one with the sizes of a view, or
  /// without sizes where the views differ in theirs. By default `port` itself.
  ///
  /// The host asks for each port that has a height and a width before it binds the discriminator.
  static func seen(_ port: Port, _ hyperparameters: Hyperparameters) -> Port

  /// What is seen of one map over the image.
  ///
  /// Called for the image and for each condition of the discriminator that has a height and a
  /// width; each call returns as many views, which are judged one by one and reported together.
  /// - Parameters:
  ///   - map: `[N, H, W, C]`, or `[N, H, W]` for labels.
  ///   - port: what the map is; label maps must stay integers.
  ///   - inputs: what the view itself consumes.
  /// - Returns: the views in order, each shaped like the map but for height and width.
  func callAsFunction(_ map: Tensor, of port: Port, _ inputs: Values) -> [Tensor]
}

extension View {
  /// The port unchanged.
  public static func seen(_ port: Port, _ hyperparameters: Hyperparameters) -> Port { port }
}
