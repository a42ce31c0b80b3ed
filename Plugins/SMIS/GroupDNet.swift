import PluginAPI
import SMISNetworks

/// Decodes one latent map a class into an image, with groups of convolutions that fall from one a
/// class to one for all.
///
/// Early blocks keep the classes apart, so that each is controlled by its own code; later ones mix
/// them, so that light and colour agree.
///
/// - Source: arXiv:2003.12697, section 3.3.
struct GroupDNet: Generator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels of the last block; earlier ones have up to 16 times as many, to suit the groups.",
      in: 1...1024)
    var width = 160
    @Hyperparameter(
      "Groups of the seven blocks; must not rise. A note says where they leave the paper's rule, as many as in the next or twice as many. As published by default."
    )
    var groups: [Int]? = nil
    @Hyperparameter(
      "The published network: how norms read the labels and, for ade20k, the first widths.")
    var variant = Variant.deepfashion
    @Hyperparameter(
      "What it begins with: a latent map of 8 channels a class, 8 numbers a class, a vector, labels."
    )
    var start = DecoderStart.map
    @Hyperparameter(
      "Doublings: normal 5, more 6, most 7; by default more from 256 pixels of width on."
    )
    var upsampling: Upsampling? = nil
    @Hyperparameter(
      "Channels between labels and norms in variant deepfashion, raised to suit the groups.",
      in: 1...4096)
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

    /// The second of the paper's rules for group numbers, which its own for Cityscapes leave.
    var remarks: [String] {
      guard let groups,
        let (before, after) = zip(groups, groups.dropFirst())
          .first(where: { $0 != $1 && $0 != 2 * $1 })
      else { return [] }
      return [
        "groups \(groups): the paper advises as many in each block as in the next, or twice as many; "
          + "here are \(before) before \(after)"
      ]
    }

    var decoder: DecoderSettings {
      DecoderSettings(
        width: width, groups: groups, variant: variant, start: start, upsampling: upsampling,
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

  /// - Throws: `ConfigurationError` where sides or groups can't work.
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
