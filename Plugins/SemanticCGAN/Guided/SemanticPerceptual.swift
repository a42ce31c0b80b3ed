import PluginAPI

/// Distance between what a task network says of the generated and of the real image.
///
///     L = mean |T(y) − T(ŷ)|
///
/// Scores of a segmentation count as probabilities (softmax over classes), other maps as they are;
/// the mean goes over every number. The real image's side is constant, and the network stays as it
/// is unless a phase trains it.
///
/// - Source: Next Steps for Image Synthesis using Semantic Segmentation (2020), which leaves T and
///   the form of its output open.
struct SemanticPerceptual: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The task network, of segmentations or pose maps; usually one of the experiment's perceptors.",
      slot: .perceptor)
    var network = ComponentReference("perceptors/segmenter")
  }

  let network: any Perceptor
  private let output: Port

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }

  /// - Throws: `ConfigurationError` when the network provides neither segmentation nor pose maps.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let provided = try context.ports.provided(by: hyperparameters.network)
    guard let output = provided.first(where: { [.segmentation, .poseMaps].contains($0.kind) })
    else {
      let found = provided.map(\.description).joined(separator: ", ")
      throw ConfigurationError(
        "\(hyperparameters.network.use) provides \(found.isEmpty ? "nothing" : found), expected a "
          + "segmentation or poseMaps")
    }
    self.output = output
    network = try context.build(hyperparameters.network, as: (any Perceptor).self)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let real = withoutGradient { said(of: inputs["target"], context) }
    return (said(of: inputs["generated"], context) - real).abs().mean()
  }

  private func said(of image: Tensor, _ context: CallContext) -> Tensor {
    let maps = network(["image": image], in: context)[output.name]  // [N, H, W, K]
    return output.kind == .segmentation ? maps.softmax(axis: 3) : maps
  }
}
