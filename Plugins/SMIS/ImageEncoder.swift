import PluginAPI
import SMISNetworks

/// One posterior from the whole image: a vector.
///
/// - Source: arXiv:1903.07291, appendix A.
struct ImageEncoder: Encoder, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Channels of the first layer, doubled up to 8 times that.", in: 1...512)
    var width = 64
    @Hyperparameter("Length of z.", in: 1...4096)
    var codeSize = 256
    @Hyperparameter(
      "Side to which images are resized; a multiple of 64 from 256 on, else of 32.", in: 64...512)
    var side = 256
    @Hyperparameter("What stands behind each convolution.")
    var norm = EncoderNorm.instance
    @Hyperparameter(
      "Which weights are divided by their largest singular values; inner as published, all as printed."
    )
    var spectral = Spectral.inner

    var halvings: Int { side >= 256 ? 6 : 5 }

    func validate() throws {
      guard side % (1 << halvings) == 0 else {
        throw ConfigurationError(
          "side \(side) can't be halved \(halvings) times; use a multiple of \(1 << halvings)")
      }
      if norm == .group, width % 8 != 0 {
        throw ConfigurationError(
          "norm group splits channels into 8 groups, which do not divide the \(width) of the first "
            + "layer; make width a multiple of 8")
      }
    }
  }

  let encoder: StridedEncoder
  private let size: Size2

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.image("image", height: size.height, width: size.width, channels: nil, role: .target)]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let z = Port.latent("z", size: hyperparameters.codeSize)
    return [z, .posterior("posterior", of: z)]
  }

  static func samplingSources(
    _ hyperparameters: Hyperparameters
  ) -> [String: SamplingSource] { ["z": .standardNormal, "posterior": .absent] }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    size = Size2(hyperparameters.side)
    encoder = StridedEncoder(
      try context.size("channels", of: "image"), codes: hyperparameters.codeSize,
      width: hyperparameters.width, halvings: hyperparameters.halvings, groups: 1,
      head: .linear(try lastSize(size, halvings: hyperparameters.halvings)),
      norm: hyperparameters.norm, spectral: hyperparameters.spectral)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let posterior = encoder(resizeBilinear(inputs["image"], to: size), in: context)
    return [
      "z": drawn(posterior, in: context), "posterior.mean": posterior.mean,
      "posterior.logVariance": posterior.logVariance,
    ]
  }

  var publishedNames: [String: String] { encoder.publishedNames(at: "encoder") }
}
