import PluginAPI

/// Fréchet distance between the features of generated and of real images (arXiv:1706.08500).
///
/// The features are one layer of a perceptor, averaged over positions; both sets of vectors are
/// taken for Gaussian. Published figures use the 2048 features of Inception v3: those of another
/// network are comparable only with each other, so the figure carries the network's name.
struct FrechetDistance: Metric, Module {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The feature network; usually one of the experiment's perceptors, by path.", slot: .perceptor)
    var network = ComponentReference("perceptors.features")
    @Hyperparameter("Which of the layers it gives, from 0; the last if absent.", in: 0...1000)
    var layer: Int? = nil
  }

  let network: any Perceptor
  private let layer: Int
  private let name: String

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }

  /// - Throws: `ConfigurationError` when the slot holds no perceptor, or one without that layer.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    network = try context.build(hyperparameters.network, as: (any Perceptor).self)
    let layers = try context.ports.features(of: hyperparameters.network).layers
    layer = hyperparameters.layer ?? layers - 1
    name = "fid(\(hyperparameters.network.use))"
    guard layer < layers else {
      throw ConfigurationError(
        "\(hyperparameters.network.use) gives features of \(layers) layers, 0 to \(layers - 1), "
          + "found layer \(layer)")
    }
  }

  func measurement() -> any Measurement { Running(self) }

  private final class Running: Measurement {
    private let metric: FrechetDistance
    private var generated = Gaussian()
    private var real = Gaussian()

    init(_ metric: FrechetDistance) { self.metric = metric }

    func add(_ inputs: Values) {
      generated.add(vectors(of: inputs["generated"]))
      real.add(vectors(of: inputs["target"]))
    }

    private func vectors(of image: Tensor) -> Tensor {
      let context = CallContext(
        training: false, updatesBuffers: false, seed: 0, stream: "fid", step: 0)
      let features = metric.network(["image": image], in: context).list("features")
      return globalAveragePool(features[metric.layer])  // [N, C]
    }

    var figures: [Figure] {
      guard real.count > 1 else { return [] }
      return [Figure(metric.name, generated.distance(to: real), isBetterHigher: false)]
    }
  }
}
