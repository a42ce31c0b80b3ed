import PluginAPI

/// Makes images from noise with transposed convolutions, from 4×4 on.
///
/// Maps `z [N, latentSize]` to images `[N, H, W, C]` in -1...1.
struct SmallGenerator: Generator {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Length of z.", in: 1...4096)
    var latentSize = 64
    @Hyperparameter(
      "Channels before the last doubling, twice as many before each other.", in: 1...256)
    var width = 32
  }

  let project: Linear
  let blocks: [UpBlock]
  let toImage: Conv2d

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [.latent("z", size: hyperparameters.latentSize)]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .image(
        "image", height: size.height, width: size.width, channels: context.image?["channels"],
        role: .generated)
    ]
  }

  /// - Throws: `ConfigurationError` unless the images are square, of side 8, 16, 32, ….
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let size = try context.imageSize()
    let doublings = (size.width / 4).trailingZeroBitCount
    guard size.height == size.width, doublings > 0, size.width == 4 << doublings else {
      throw ConfigurationError("images are \(size.width)×\(size.height), not 8×8, 16×16, 32×32, …")
    }
    let widths = (0...doublings).reversed().map { hyperparameters.width << $0 }
    project = Linear(hyperparameters.latentSize, 16 * widths[0])
    blocks = zip(widths, widths.dropFirst()).map { UpBlock($0, $1) }
    toImage = Conv2d(
      widths[doublings], context.ports.image?["channels"] ?? 3, kernel: 3, padding: 1)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let z = inputs["z"]
    var x = project(z).reshaped([z.shape[0], 4, 4, -1])  // [N, 4, 4, widths[0]]
    for block in blocks { x = block(x, in: context) }  // [N, H, W, width]
    return ["image": toImage(x).tanh()]
  }
}

/// Doubles height and width: transposed convolution, batch norm, ReLU.
struct UpBlock: Module {
  let conv: ConvTransposed2d
  let norm: BatchNorm2d

  init(_ inChannels: Int, _ outChannels: Int) {
    conv = ConvTransposed2d(
      inChannels, outChannels, kernel: 4, stride: 2, padding: 1, bias: false)
    norm = BatchNorm2d(outChannels)
  }

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    norm(conv(x), in: context).relu()
  }
}
