import PluginAPI

/// Reads one map a key point off an image, highest where the point is, `[N, H, W, K]` in 0...1.
///
/// The network of `segmenter` with a sigmoid; sides must be multiples of 8. A stage trains it on the
/// key points of a dataset with `pose-error`; then losses compare what it says of two images.
struct PoseEstimator: Perceptor {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Key points it finds.", in: 1...1024)
    var points = 18
    @Hyperparameter("Channels at full size, doubled at each halving.", in: 4...256)
    var width = 16
    @Hyperparameter("What is done to the image first.")
    var normalization = InputNormalization.openpose
  }

  let network: Segmenter
  private let normalization: InputNormalization

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  /// - Throws: `ConfigurationError` for images whose sides are no multiples of 8.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try Segmenter.size(in: context)
    return [
      .map(
        "poses", .poseMaps, classes: hyperparameters.points, height: size.height,
        width: size.width, role: .estimated),
      .features("features", channels: Segmenter.widths(hyperparameters.width)),
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    network = Segmenter(maps: hyperparameters.points, width: hyperparameters.width)
    normalization = hyperparameters.normalization
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let (maps, features) = network.read(normalization(inputs["image"]), in: context)
    var values: Values = ["poses": maps.sigmoid()]
    values.set("features", features)
    return values
  }
}

extension Port.Role {
  /// What a network reads off an image, beside what the dataset says.
  static let estimated = Port.Role(rawValue: "estimated")
}
