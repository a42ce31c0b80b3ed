import PluginAPI

/// Features of the real image, averaged over each instance, as a condition of style.
///
/// An encoder-decoder without residual blocks and skip connections gives a few channels in -1...1 at
/// every pixel; every pixel of an instance then gets the mean over the instance. The encoder learns
/// with the generator. When sampling it looks at the real image too.
///
/// - Source: arXiv:1711.11585, section 3.4.
struct InstanceFeatures: Encoder, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Channels at full size, doubled by each halving.", in: 1...512)
    var width = 16
    @Hyperparameter("Halvings, and doublings after them.", in: 1...6)
    var halvings = 4
    @Hyperparameter("Channels of the features.", in: 1...512)
    var channels = 3
  }

  let resnet: ResNet

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .image("image", height: size.height, width: size.width, channels: nil, role: .target),
      .map("instances", .instanceMap, height: size.height, width: size.width),
    ]
  }

  /// - Throws: `ConfigurationError` where a side cannot be halved that often.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    try size.checkHalvings(hyperparameters.halvings)
    return [
      .latentMap(
        "features", height: size.height, width: size.width, channels: hyperparameters.channels)
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    resnet = ResNet(
      try context.size("channels", of: "image"), hyperparameters.channels,
      width: hyperparameters.width, halvings: hyperparameters.halvings, blocks: 0, norm: .instance)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let features = resnet(inputs["image"], in: context)
    return ["features": averaged(features, within: inputs["instances"])]
  }

  var publishedNames: [String: String] { resnet.publishedNames(below: "resnet") }
}

/// The mean over each instance at each of its pixels.
///
/// - Parameters:
///   - maps: `[N, H, W, C]`.
///   - instances: `[N, H, W]`, whole numbers from 0; equal ones in one sample are an instance.
/// - Returns: `[N, H, W, C]`.
func averaged(_ maps: Tensor, within instances: Tensor) -> Tensor {
  let (shape, count) = (maps.shape, instances.count)
  let most = Int(instances.max().item()) + 1
  // Samples have instances of their own.
  let first = (Tensor.range(shape[0]) * Float(most)).reshaped([shape[0], 1, 1])
  let rows = (instances.detached() + first).reshaped([count])
  let sums = maps.reshaped([count, shape[3]]).scatterAdded(to: rows, rows: shape[0] * most)
  let sizes = Tensor.ones([count]).scatterAdded(to: rows, rows: shape[0] * most)
  let means = sums / maximum(sizes, Tensor(1)).reshaped([-1, 1])
  return means.gathered(rows: rows).reshaped(shape)
}
