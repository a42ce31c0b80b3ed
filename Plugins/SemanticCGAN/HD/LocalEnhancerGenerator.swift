import PluginAPI

/// Translates labels into large images: a global generator at a reduced size, enhanced at full size.
///
/// The global generator alone is `resnet` with 4 halvings and instance norm, at twice this width for
/// each enhancer.
///
/// - Source: arXiv:1711.11585.
struct LocalEnhancerGenerator: Generator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Channels at full size, doubled by each halving.", in: 1...512)
    var width = 32
    @Hyperparameter("Enhancers, each at twice the size of what it enhances.", in: 1...4)
    var enhancers = 1
    @Hyperparameter("Halvings of the global generator, below the reduced size.", in: 1...6)
    var halvings = 4
    @Hyperparameter("Residual blocks of the global generator.", in: 0...32)
    var blocks = 9
    @Hyperparameter("Residual blocks of each enhancer.", in: 0...32)
    var localBlocks = 3
    @Hyperparameter("Normalisation after every convolution but the last.")
    var norm = Norm.instance
    @Hyperparameter("What is translated: one plane a class, with or without edges, or a picture.")
    var condition = Condition.labels
    @Hyperparameter("Channels of a map of features beside the condition; 0 for none.", in: 0...512)
    var features = 0
  }

  let enhancer: LocalEnhancer
  private let condition: Condition

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    hyperparameters.condition.ports(try context.imageSize(), features: hyperparameters.features)
  }

  /// - Throws: `ConfigurationError` where a side cannot be halved that often, or nothing is left
  ///   to reflect.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    try size.checkHalvings(
      hyperparameters.enhancers + hyperparameters.halvings, atLeast: 4 << hyperparameters.enhancers)
    return [
      .image(
        "image", height: size.height, width: size.width, channels: context.image?["channels"] ?? 3,
        role: .generated)
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    condition = hyperparameters.condition
    enhancer = LocalEnhancer(
      try condition.channels(in: context) + hyperparameters.features,
      context.ports.image?["channels"] ?? 3, width: hyperparameters.width,
      levels: hyperparameters.enhancers, halvings: hyperparameters.halvings,
      blocks: hyperparameters.blocks, localBlocks: hyperparameters.localBlocks,
      norm: hyperparameters.norm)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    ["image": enhancer(condition.planes(inputs), in: context)]
  }

  var publishedNames: [String: String] { enhancer.publishedNames(below: "enhancer") }
}
