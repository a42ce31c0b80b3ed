import PluginAPI
import SMISNetworks

/// One decoder a class, each with weights of its own, and a few convolutions that fuse what they
/// make into one image.
///
/// Each decoder sees the latent map of its class and the mask of its class only.
///
/// - Source: arXiv:2003.12697, section 4.2; sizes are chosen to match its number of parameters.
struct MulNet: Generator {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels of each decoder's last block; earlier ones have up to 16 times as many.",
      in: 1...1024)
    var width = 25
    @Hyperparameter(
      "Channels of the two layers that fuse; absent for one convolution straight to the image.",
      in: 1...1024)
    var fusion: Int? = 64
    @Hyperparameter(
      "Doublings: normal 5, more 6, most 7; by default more from 256 pixels of width on."
    )
    var upsampling: Upsampling? = nil
    @Hyperparameter(
      "Channels between masks and norms, of all decoders together.",
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

    /// Of one decoder; classes share the hidden channels.
    func decoder(classes: Int) -> DecoderSettings {
      DecoderSettings(
        width: width, groups: Array(repeating: 1, count: 7), start: .map, upsampling: upsampling,
        hidden: (hidden + classes - 1) / classes, norm: norm,
        form: BlockForm(activation: activation, modulation: modulation, spectral: spectral),
        edges: false)
    }
  }

  let decoders: [Decoder]
  let fusion: [any Layer]
  private let map: SemanticMap

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    try hyperparameters.decoder(classes: 1).consumes(in: context)
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    try hyperparameters.decoder(classes: 1).provides(in: context)
  }

  /// - Throws: `ConfigurationError` where sides can't work.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let classes = try context.size("classes", of: "labels")
    let settings = hyperparameters.decoder(classes: classes)
    try settings.checkCodes(context.bound["z"], classes: classes)
    map = try settings.map(in: context)
    let mask = SemanticMap(classes: 1, hasEdges: false, isInterleaved: false)
    let norms = CGNorm(
      .deepfashion, map: mask, hidden: settings.hidden, norm: settings.norm, form: settings.form)
    decoders = try (0..<classes).map { _ in
      try settings.decoder(
        norms, latentChannels: codeChannels, imageChannels: nil, in: context)
    }
    // A last block of upsampling `most` halves the channels.
    let width = hyperparameters.width
    let each = hyperparameters.upsampling == .most ? max(width / 2, 1) : width
    fusion = fusingConvolutions(
      classes * each, hyperparameters.fusion, context.ports.image?["channels"] ?? 3,
      spectral: hyperparameters.spectral)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let (planes, z) = (map.planes(inputs["labels"], nil), inputs["z"])
    let features = decoders.enumerated().map { index, decoder in
      let code = z.sliced(axis: 3, from: codeChannels * index, to: codeChannels * (index + 1))
      let mask = planes.sliced(axis: 3, from: index, to: index + 1)
      return decoder.features(code, mask, in: context)
    }
    var x = Tensor.concatenated(features, axis: 3)
    for (index, conv) in fusion.enumerated() {
      x = conv(index == 0 ? x : x.leakyRelu(0.2), in: context)
    }
    return ["image": x.tanh()]
  }
}
