import PluginAPI

/// Distance between what a feature network sees of two images, layer by layer.
///
///     loss = Σ_l w_l · mean |φ_l(generated) − φ_l(target)|
///
/// The target's side carries no gradient. The default network, layers and weights are those of
/// arXiv:1903.07291's code, after arXiv:1603.08155.
struct Perceptual: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The feature network; with weights where it is one of the experiment's perceptors, by path.",
      slot: .perceptor)
    var network = ComponentReference("perceptors/vgg19")
    @Hyperparameter("The weight of each layer that the network gives.", each: 0...1000)
    var layerWeights: [Float] = [0.03125, 0.0625, 0.125, 0.25, 1]
  }

  let network: any Perceptor
  private let layerWeights: [Float]

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }

  /// - Throws: `ConfigurationError` when the slot holds no perceptor, or one that gives no features
  ///   or those of more or fewer layers than there are weights.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    network = try context.build(hyperparameters.network, as: (any Perceptor).self)
    layerWeights = hyperparameters.layerWeights
    let layers = try context.ports.features(of: hyperparameters.network).layers
    guard layers == layerWeights.count else {
      throw ConfigurationError(
        "\(hyperparameters.network.use) gives features of \(layers) layers, and there are "
          + "\(layerWeights.count) layerWeights; there has to be one for each")
    }
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    func features(of image: Tensor) -> [Tensor] {
      network(["image": image], in: context).list("features")
    }
    let target = withoutGradient { features(of: inputs["target"]).map { $0.evaluated() } }
    let terms = zip(zip(features(of: inputs["generated"]), target), layerWeights).map {
      ($0.0 - $0.1).abs().mean() * $1
    }
    return terms.dropFirst().reduce(terms[0], +)
  }
}
