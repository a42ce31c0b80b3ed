import PluginAPI

/// Translates labels or a picture into an image with a U-Net.
///
/// Its only noise is dropout, and the statistics of the batch. The authors leave both on when
/// sampling; `"reports": { "sampleMode": "training" }` does the same.
///
/// - Source: arXiv:1611.07004.
struct UNetGenerator: Generator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels of the outermost level; inner ones have 2, 4 and 8 times as many.", in: 1...512)
    var width = 64
    @Hyperparameter(
      "Halvings down to the innermost level; as many as the side allows if absent.", in: 5...10)
    var levels: Int? = nil
    @Hyperparameter("Normalisation of inner levels.")
    var norm = Norm.batch
    @Hyperparameter(
      "Share of elements dropped in the levels of full width; 0 switches it off.", in: 0...0.95)
    var dropout: Float = 0.5
    @Hyperparameter("How images are doubled in size.")
    var upsampling = Upsampling.transposed
    @Hyperparameter("What is translated: one plane a class, with or without edges, or a picture.")
    var condition = Condition.labels
  }

  let unet: UNet
  private let condition: Condition

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    hyperparameters.condition.ports(try context.imageSize())
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    _ = try levels(hyperparameters, size)
    return [
      .image(
        "image", height: size.height, width: size.width, channels: context.image?["channels"] ?? 3,
        role: .generated)
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    condition = hyperparameters.condition
    unet = UNet(
      try hyperparameters.condition.channels(in: context),
      context.ports.image?["channels"] ?? 3,
      width: hyperparameters.width,
      levels: try Self.levels(hyperparameters, try context.imageSize()),
      norm: hyperparameters.norm,
      dropout: hyperparameters.dropout,
      upsampling: hyperparameters.upsampling)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    ["image": unet(condition.planes(inputs), in: context)]
  }

  /// The number of levels: as asked, or so that the innermost is one pixel high or wide.
  ///
  /// - Throws: `ConfigurationError` where a side cannot be halved that often.
  private static func levels(_ hyperparameters: Hyperparameters, _ size: Size2) throws -> Int {
    let possible = min(size.height.trailingZeroBitCount, size.width.trailingZeroBitCount)
    let levels = hyperparameters.levels ?? possible
    guard levels >= 5, levels <= possible else {
      throw ConfigurationError(
        "\(size.height)x\(size.width) images can be halved \(possible) times, a U-Net needs "
          + "\(max(levels, 5)); sides that are multiples of \(1 << max(levels, 5)) would do")
    }
    return levels
  }
}
