import PluginAPI

/// Judges an image beside the source image and both poses.
///
/// `call` sees everything at once; `sim` looks at both images with the same weights and compares;
/// `warp` warps what it first sees of the source to the target's pose. Provides logits (the authors
/// apply a sigmoid, which `log-loss` does) and the features before them.
///
/// - Source: arXiv:1801.00055, with the details of its authors' Keras code.
struct PoseDiscriminator: Discriminator, Importable {
  /// How source and judged image meet.
  enum Kind: String, CaseIterable, HyperparameterValue { case call, sim, warp }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Channels of the first layer, doubled up to 8 times that.", in: 1...512)
    var width = 64
    @Hyperparameter("How source and judged image meet.")
    var kind = Kind.call
    @Hyperparameter("How the parts become one map, for warp.")
    var aggregation = PartWarp.Aggregation.max
    @Hyperparameter(
      "What norms take together: a sample as published, or its channels by themselves.")
    var norm = NormKind.sample
    @Hyperparameter("Verdicts at each position, that of the whole last; one for sim.", in: 1...4096)
    var verdicts = 1

    func validate() throws {
      if kind == .sim, verdicts != 1 {
        throw ConfigurationError("sim compares two images in one verdict, verdicts is \(verdicts)")
      }
    }
  }

  let first: Conv2d
  /// The first layer for the source, where that is warped.
  let source: Conv2d?
  let blocks: [HalvingBlock]
  let head: HalvingBlock?
  /// Compares the features of both images.
  let comparison: Linear?
  private let kind: Kind
  private let aggregation: PartWarp.Aggregation

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let ports: [Port] = [
      .image("image", channels: nil), .image("source", channels: nil, role: .source),
      .map("sourcePose", .poseMaps, role: .source), .map("targetPose", .poseMaps, role: .target),
    ]
    guard hyperparameters.kind == .warp else { return ports }
    return ports + [.partTransforms("transforms"), .map("parts", .partMasks)]
  }

  /// - Throws: `ConfigurationError` for images too small for five halvings.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    if let side = context.bound["image"]?.shortestSide, side < 34 {
      throw ConfigurationError(
        "an image of side \(side) is too small for the discriminator, which "
          + "needs 34")
    }
    return [.logits("logits", count: 1), .features("features", layers: 4)]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let width = hyperparameters.width
    kind = hyperparameters.kind
    aggregation = hyperparameters.aggregation
    let image =
      try context.size("channels", of: "image")
      + context.size("classes", of: "targetPose")
    let beside =
      try context.size("channels", of: "source")
      + context.size("classes", of: "sourcePose")
    if kind == .sim, image != beside {
      throw ConfigurationError(
        "sim looks at source and image with the same weights, but they have \(beside) and \(image) "
          + "channels")
    }
    func entry(_ channels: Int) -> Conv2d {
      Conv2d(
        channels, width, kernel: 4, stride: 2, initial: .xavierUniform(), initialBias: .zeros)
    }
    first = entry(kind == .call ? image + beside : image)
    source = kind == .warp ? entry(beside) : nil
    let widths = [kind == .warp ? 2 * width : width, 2 * width, 4 * width, 8 * width]
    blocks = (1..<4).map { HalvingBlock(widths[$0 - 1], widths[$0], norm: hyperparameters.norm) }
    if kind == .sim {
      let size =
        try context.ports.bound["image"].flatMap { port in
          port["height"].flatMap { height in port["width"].map { Size2(height, $0) } }
        } ?? context.imageSize()
      let last = Size2(Self.reduced(size.height), Self.reduced(size.width))
      comparison = Linear(
        last.height * last.width * 2 * widths[3], 1, initial: .xavierUniform(),
        initialBias: .zeros)
      head = nil
    } else {
      comparison = nil
      head = HalvingBlock(widths[3], hyperparameters.verdicts, norm: nil)
    }
  }

  /// A side after the first layer and three blocks.
  private static func reduced(_ side: Int) -> Int {
    (0..<3).reduce((side - 4) / 2 + 1) { side, _ in side / 2 }
  }

  func features(_ inputs: Values, in context: CallContext) -> Values {
    let image = [inputs["image"], inputs["targetPose"]]
    let beside = [inputs["source"], inputs["sourcePose"]]
    var values = Values()
    switch kind {
    case .call:
      values.set("features", layers(first(.concatenated(beside + image, axis: 3)), context))
    case .sim:
      let own = layers(first(.concatenated(image, axis: 3)), context)
      let other = layers(first(.concatenated(beside, axis: 3)), context)
      values.set("features", zip(own, other).map { .concatenated([$0, $1], axis: 3) })
    case .warp:
      guard let source else { preconditionFailure("[PoseDiscriminator] warp without its layer") }
      let parts = inputs["parts"]
      let warp = PartWarp(
        transforms: inputs["transforms"], masks: parts,
        imageSize: Size2(parts.shape[1], parts.shape[2]), aggregation: aggregation)
      let moved = warp(source(.concatenated(beside, axis: 3)))
      let own = first(.concatenated(image, axis: 3))
      values.set("features", layers(.concatenated([own, moved], axis: 3), context))
    }
    return values
  }

  private func layers(_ x: Tensor, _ context: CallContext) -> [Tensor] {
    var outputs = [x]
    for block in blocks { outputs.append(block(outputs[outputs.count - 1], in: context)) }
    return outputs
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    let last = features["features.\(blocks.count)"]
    if let comparison {
      let flat = last.leakyRelu(0.2).reshaped([last.shape[0], -1])
      return features.merging(["logits": comparison(flat)])
    }
    guard let head else { preconditionFailure("[PoseDiscriminator] neither head nor comparison") }
    return features.merging(["logits": head(last, in: context)])
  }
}
