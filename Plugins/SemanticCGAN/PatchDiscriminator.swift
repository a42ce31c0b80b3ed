import PluginAPI

/// Judges patches of an image beside its condition.
///
/// Sees the condition's planes first, then the image's. Provides a map of logits and the output of
/// every layer before it.
///
/// - Source: arXiv:1611.07004.
struct PatchDiscriminator: Discriminator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Channels of the first layer, doubled up to 8 times that.", in: 1...512)
    var width = 64
    @Hyperparameter(
      "Strided layers; patches are 1, 16, 34, 70, 142, 286 pixels for 0 to 5.", in: 0...5)
    var layers = 3
    @Hyperparameter("Normalisation of inner layers.")
    var norm = PatchNorm.batch
    @Hyperparameter("What stands beside the image; nothing if absent.")
    var condition: Condition? = .labels
    @Hyperparameter("Verdicts on each patch, that of the whole last.", in: 1...4096)
    var verdicts = 1
  }

  let patches: PatchGAN
  private let condition: Condition?

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [.image("image", channels: nil)] + (hyperparameters.condition?.ports(nil) ?? [])
  }

  /// - Throws: `ConfigurationError` where an image is smaller than what the layers leave one logit of.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let layers = hyperparameters.layers
    let least = layers == 0 ? 1 : 3 << layers
    if let side = context.bound["image"]?.shortestSide, side < least {
      throw ConfigurationError(
        "an image of side \(side) is too small for \(layers) strided layers, which need \(least); "
          + "choose fewer layers, larger images or larger views")
    }
    return [
      .logits("logits", count: 1),
      .features("features", layers: max(hyperparameters.layers, 1) + 1),
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let beside = try hyperparameters.condition?.channels(in: context) ?? 0
    patches = PatchGAN(
      try beside + context.size("channels", of: "image"), hyperparameters.verdicts,
      width: hyperparameters.width, strided: hyperparameters.layers, norm: hyperparameters.norm)
    condition = hyperparameters.condition
  }

  func features(_ inputs: Values, in context: CallContext) -> Values {
    var x = inputs["image"]
    if let condition { x = .concatenated([condition.planes(inputs), x], axis: 3) }
    var values = Values()
    values.set("features", patches.features(x, in: context))
    return values
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    let last = features["features.\(patches.steps.count - 1)"]
    return features.merging(["logits": patches.verdicts(last)])
  }
}
