import PluginAPI

/// Translates labels or a picture into an image with residual blocks at a low resolution.
///
/// With 2 halvings and 9 blocks it is the published generator of 256-pixel images; with 4 halvings
/// and instance norm the global generator of pix2pixHD, which with a code is that of DSCGAN.
///
/// - Source: arXiv:1603.08155, in the form of arXiv:1703.10593, arXiv:1711.11585 and arXiv:1901.09024.
struct ResNetGenerator: Generator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Channels at full size, doubled by each halving.", in: 1...512)
    var width = 64
    @Hyperparameter("Halvings before the residual blocks, and doublings after them.", in: 1...6)
    var halvings = 2
    @Hyperparameter("Residual blocks at the low resolution.", in: 0...32)
    var blocks = 9
    @Hyperparameter("Normalisation after every convolution but the last.")
    var norm = Norm.batch
    @Hyperparameter(
      "Share of elements dropped within each residual block; 0 switches it off.", in: 0...0.95)
    var dropout: Float = 0
    @Hyperparameter("How images are doubled in size.")
    var upsampling = Upsampling.transposed
    @Hyperparameter("What is translated: one plane a class, with or without edges, or a picture.")
    var condition = Condition.labels
    @Hyperparameter("Channels of a map of features beside the condition; 0 for none.", in: 0...512)
    var features = 0
    @Hyperparameter(
      "Length of a code z that joins at the low resolution, in place of the first block; 0 for none.",
      in: 0...4096)
    var latentSize = 0
  }

  let resnet: ResNet
  private let condition: Condition

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let latentSize = hyperparameters.latentSize
    return hyperparameters.condition.ports(
      try context.imageSize(), features: hyperparameters.features)
      + (latentSize == 0 ? [] : [.latent("z", size: latentSize)])
  }

  /// - Throws: `ConfigurationError` where a side cannot be halved that often, or nothing is left
  ///   to reflect.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    try size.checkHalvings(hyperparameters.halvings)
    return [
      .image(
        "image", height: size.height, width: size.width, channels: context.image?["channels"] ?? 3,
        role: .generated)
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    condition = hyperparameters.condition
    resnet = ResNet(
      try hyperparameters.condition.channels(in: context) + hyperparameters.features,
      context.ports.image?["channels"] ?? 3, width: hyperparameters.width,
      halvings: hyperparameters.halvings, blocks: hyperparameters.blocks,
      latentSize: hyperparameters.latentSize, norm: hyperparameters.norm,
      dropout: hyperparameters.dropout,
      upsampling: hyperparameters.upsampling)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    ["image": resnet(condition.planes(inputs), inputs.tensor("z"), in: context)]
  }
}
