import PluginAPI
import SMISNetworks

/// Judges patches of an image beside its labels, at full size and at halves of it.
///
/// Sees labels first, then edges if asked for, then the image. All scales have weights of their own.
///
/// - Source: arXiv:1711.11585, section 3.2, in the form of arXiv:1903.07291.
struct MultiscaleDiscriminator: Discriminator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Channels of the first layer, doubled up to 8 times that.", in: 1...512)
    var width = 64
    @Hyperparameter("Number of scales, each half the one before.", in: 1...5)
    var scales = 2
    @Hyperparameter(
      "Which weights are divided by their largest singular values; inner as published, all as printed."
    )
    var spectral = Spectral.inner
    @Hyperparameter("Whether edges between instances are seen beside the labels.")
    var edges = false
    @Hyperparameter("Verdicts on each patch, that of the whole last.", in: 1...4096)
    var verdicts = 1
  }

  let scales: [PatchScale]
  private let map: SemanticMap

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    let ports = [Port.image("image", channels: nil), .map("labels", .labelMap)]
    return hyperparameters.edges ? ports + [.map("edges", .edges)] : ports
  }

  /// - Throws: `ConfigurationError` where an image is too small for the smallest scale.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let scales = hyperparameters.scales
    let least = (1 << (scales - 1)) + 1
    if let side = context.bound["image"]?.shortestSide, side < least {
      throw ConfigurationError(
        "an image of side \(side) is too small for \(scales) scales, which need \(least); "
          + "choose fewer scales, larger images or larger views")
    }
    return [.logits("logits", count: scales), .features("features", layers: 4)]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    map = SemanticMap(
      classes: try context.size("classes", of: "labels"), hasEdges: hyperparameters.edges,
      isInterleaved: false)
    let channels = try map.channels + context.size("channels", of: "image")
    scales = (0..<hyperparameters.scales).map { _ in
      PatchScale(
        channels, hyperparameters.verdicts, width: hyperparameters.width,
        spectral: hyperparameters.spectral)
    }
  }

  func features(_ inputs: Values, in context: CallContext) -> Values {
    var parts = [map.planes(inputs["labels"], inputs.tensor("edges")), inputs["image"]]
    let features = scales.enumerated().map { index, scale in
      if index > 0 {
        let whole = Tensor.concatenated(parts, axis: 3)
        parts = [avgPool2d(whole, kernel: 3, stride: 2, padding: 1, countsPadding: false)]
      }
      return scale.features(parts, in: context)
    }
    var values = Values()
    values.set("features", scales: features)
    return values
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    var values = features
    let lasts = features.scales("features").map { $0[$0.count - 1] }
    values.set("logits", zip(scales, lasts).map { $0.judge($1, in: context) })
    return values
  }

  var publishedNames: [String: String] {
    scales.enumerated().reduce(into: [:]) { names, entry in
      let (index, scale) = entry
      names.merge(scale.publishedNames(at: "scales.\(index)", as: "discriminator_\(index)")) { $1 }
    }
  }

  /// The heads': a published network has the verdict of the whole.
  var importableByLastRow: Set<String> {
    Set(publishedNames.keys.filter { $0.contains(".head.") })
  }
}
