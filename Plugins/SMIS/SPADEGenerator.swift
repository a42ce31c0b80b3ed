import PluginAPI
import SMISNetworks

/// Residual blocks whose norms are told by the labels: the generator with one group throughout.
///
/// Begins with a vector (then with `smis/image-encoder` it is the variational form), the labels
/// alone, or one latent map a class.
///
/// - Source: arXiv:1903.07291.
struct SPADEGenerator: Generator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels of the last block; earlier ones have up to 16 times as many.", in: 1...1024)
    var width = 64
    @Hyperparameter(
      "What it begins with: a vector, labels, a latent map of 8 channels a class, 8 numbers a class."
    )
    var start = DecoderStart.vector
    @Hyperparameter(
      "Doublings: normal 5, more 6, most 7; by default more from 256 pixels of width on."
    )
    var upsampling: Upsampling? = nil
    @Hyperparameter("Channels between labels and norms.", in: 1...4096)
    var hidden = 128
    @Hyperparameter("What norms do before they scale and move.")
    var norm = DecoderNorm.batch
    @Hyperparameter(
      "Which weights are divided by their largest singular values: inner, the blocks', as published; all as printed."
    )
    var spectral = Spectral.inner
    @Hyperparameter("After each norm of a block: leaky ReLU as published, ReLU as printed.")
    var activation = BlockActivation.leaky
    @Hyperparameter(
      "Whether norms scale by 1 + γ, as published, or by γ after batch norms with an affine map, as printed."
    )
    var modulation = Modulation.aroundOne
    @Hyperparameter("Whether edges between instances are read beside the labels.")
    var edges = false

    var decoder: DecoderSettings {
      DecoderSettings(
        width: width, groups: Array(repeating: 1, count: 7), start: start, upsampling: upsampling,
        hidden: hidden, norm: norm,
        form: BlockForm(activation: activation, modulation: modulation, spectral: spectral),
        edges: edges)
    }
  }

  let decoder: Decoder
  private let map: SemanticMap

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    try hyperparameters.decoder.consumes(in: context)
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    try hyperparameters.decoder.provides(in: context)
  }

  /// - Throws: `ConfigurationError` where sides can't work.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    map = try hyperparameters.decoder.map(in: context)
    decoder = try hyperparameters.decoder.decoder(in: context)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let planes = map.planes(inputs["labels"], inputs.tensor("edges"))
    return ["image": decoder(inputs.tensor("z"), planes, in: context)]
  }

  var publishedNames: [String: String] { decoder.publishedNames(at: "decoder") }
}
