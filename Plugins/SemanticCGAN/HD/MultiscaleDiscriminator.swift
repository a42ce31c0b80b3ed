import PluginAPI

/// Judges patches of an image and of its reductions beside a condition.
///
/// One network of patches a scale, all of one shape, each with weights of its own; every scale is
/// the mean over 3×3 pixels of the one before it, at half the size. Padding by 2 leaves maps a
/// little larger than those of a plain network of patches. Provides logits and features of every
/// scale, the full size first.
///
/// With `norm` instance it is the discriminator of arXiv:1711.11585, with spectral that of
/// arXiv:1903.07291.
struct MultiscaleDiscriminator: Discriminator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Channels of the first layer, doubled up to 8 times that.", in: 1...512)
    var width = 64
    @Hyperparameter("Strided layers of each network.", in: 1...5)
    var layers = 3
    @Hyperparameter("Networks, each at half the size of the one before it.", in: 1...5)
    var scales = 2
    @Hyperparameter("Normalisation of inner layers.")
    var norm = PatchNorm.instance
    @Hyperparameter("What stands beside the image; nothing if absent.")
    var condition: Condition? = .labels
    @Hyperparameter("Verdicts on each patch, that of the whole last.", in: 1...4096)
    var verdicts = 1
  }

  let scales: [PatchGAN]
  private let condition: Condition?
  private let norm: PatchNorm

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [.image("image", channels: nil)] + (hyperparameters.condition?.ports(nil) ?? [])
  }

  /// - Throws: `ConfigurationError` where an image is too small for the last scale.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let least = 2 << (hyperparameters.scales - 1)
    if let side = context.bound["image"]?.shortestSide, side < least {
      throw ConfigurationError(
        "an image of side \(side) is too small for \(hyperparameters.scales) scales, which need "
          + "\(least); choose fewer scales or larger images")
    }
    return [
      .logits("logits", count: hyperparameters.scales),
      .features("features", layers: hyperparameters.layers + 1),
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    condition = hyperparameters.condition
    norm = hyperparameters.norm
    let beside = try condition?.channels(in: context) ?? 0
    let channels = try beside + context.size("channels", of: "image")
    scales = (0..<hyperparameters.scales).map { _ in
      PatchGAN(
        channels, hyperparameters.verdicts, width: hyperparameters.width,
        strided: hyperparameters.layers, padding: 2, norm: hyperparameters.norm)
    }
  }

  func features(_ inputs: Values, in context: CallContext) -> Values {
    var x = inputs["image"]
    if let condition { x = .concatenated([condition.planes(inputs), x], axis: 3) }
    var features: [[Tensor]] = []
    for (index, scale) in scales.enumerated() {
      if index > 0 {
        x = avgPool2d(x, kernel: 3, stride: 2, padding: 1, countsPadding: false)
      }
      features.append(scale.features(x, in: context))
    }
    var values = Values()
    values.set("features", scales: features)
    return values
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    var values = features
    let maps = zip(scales, features.scales("features")).map { scale, maps in
      scale.verdicts(maps[maps.count - 1])
    }
    values.set("logits", maps)
    return values
  }

  /// Those of arXiv:1903.07291 under spectral norm, else those of arXiv:1711.11585, which counts
  /// scales from the smallest.
  var publishedNames: [String: String] {
    var names: [String: String] = [:]
    for (index, scale) in scales.enumerated() {
      let path = "scales.\(index)"
      let layer = { (layer: Int) in
        norm == .spectral
          ? "discriminator_\(index).model\(layer).0"
          : "scale\(scales.count - 1 - index)_layer\(layer)"
      }
      for (place, step) in scale.steps.enumerated() {
        let isFirst = place == 0
        // Under spectral norm convolution and norm are a sequence in the sequence.
        let conv = norm == .spectral && isFirst ? layer(place) : "\(layer(place)).0"
        names.add(step.conv, "\(path).steps.\(place).conv", conv)
        names.add(step.norm, "\(path).steps.\(place).norm", "\(layer(place)).1")
      }
      let head = layer(scale.steps.count)
      names.add(scale.head, "\(path).head", norm == .spectral ? head : "\(head).0")
    }
    return names
  }

  /// The heads': a published network has the verdict of the whole.
  var importableByLastRow: Set<String> {
    scales.indices.reduce(into: []) {
      $0.formUnion(scales[$1].head.paths(below: "scales.\($1).head"))
    }
  }
}
