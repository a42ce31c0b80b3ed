import PluginAPI

/// Distance between the poses that a network reads off the generated and off the real image.
///
///     L = mean (T(ŷ) − T(y))²
///
/// Over batch, pixels and key points. The real image's side is constant, and the network stays as it
/// is unless a phase trains it.
///
/// - Source: the Keras code of arXiv:1801.00055, where its weight is 0 by default.
struct Structure: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The network that reads pose maps; usually one of the experiment's perceptors.",
      slot: .perceptor)
    var network = ComponentReference("perceptors/pose-estimator")
  }

  let network: any Perceptor
  private let output: String

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }

  /// - Throws: `ConfigurationError` when the network provides no pose maps.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let provided = try context.ports.provided(by: hyperparameters.network)
    guard let output = provided.first(where: { $0.kind == .poseMaps }) else {
      let found = provided.map(\.description).joined(separator: ", ")
      throw ConfigurationError(
        "\(hyperparameters.network.use) provides \(found.isEmpty ? "nothing" : found), expected "
          + "poseMaps")
    }
    self.output = output.name
    network = try context.build(hyperparameters.network, as: (any Perceptor).self)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    func poses(_ image: Tensor) -> Tensor { network(["image": image], in: context)[output] }
    let real = withoutGradient { poses(inputs["target"]).evaluated() }
    return (poses(inputs["generated"]) - real).square().mean()
  }
}
