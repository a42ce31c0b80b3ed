import PluginAPI

/// Distance between what a discriminator sees in generated and in real images.
///
///     L = Σ over scales i (or mean)  Σ over layers j (or mean)  mean |F_ij(fake) − F_ij(real)|
///
/// Each layer's mean goes over batch, positions and channels; the real features count as
/// constants. The three published forms:
///
/// | source | scaleReduction | layerReduction | weight of the entry |
/// | --- | --- | --- | --- |
/// | arXiv:1711.11585 | mean | mean | 4 · λ |
/// | arXiv:1903.07291 | mean | sum | λ |
/// | one discriminator, λ Σ (1/N_j) ‖·‖₁ | sum | sum | λ |
///
/// - Source: arXiv:1606.03498, section 3.1; arXiv:1711.11585, equation 4.
struct FeatureMatching: Loss {
  /// Which of a scale's maps are compared.
  enum Layers: String, CaseIterable, HyperparameterValue { case all, allButLast }

  /// How terms become one.
  enum LayerReduction: String, CaseIterable, HyperparameterValue { case sum, mean }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Which maps of a scale count; allButLast where the last one is the verdict.")
    var layers = Layers.all
    @Hyperparameter("How the layers of one scale become one term.")
    var layerReduction = LayerReduction.sum
    @Hyperparameter("How the scales (or views) become one term.")
    var scaleReduction = ScaleReduction.mean
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.features("real", role: .real), .features("fake", role: .fake)]
  }

  private let hyperparameters: Hyperparameters

  /// - Throws: `ConfigurationError` where `allButLast` leaves no map.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    self.hyperparameters = hyperparameters
    if hyperparameters.layers == .allButLast, context.bound["fake"]?["layers"] == 1 {
      throw ConfigurationError(
        "the discriminator has one feature map, of which layers allButLast leaves none; "
          + "use layers all, or a discriminator of more layers")
    }
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let (real, fake) = (inputs.scales("real"), inputs.scales("fake"))
    precondition(
      !fake.isEmpty && real.map(\.count) == fake.map(\.count),
      "[feature-matching] scales of \(real.map(\.count)) real and \(fake.map(\.count)) fake maps, "
        + "expected as many, at least one")
    let scales = zip(real, fake).map { real, fake in
      let used = hyperparameters.layers == .all ? fake.count : fake.count - 1
      precondition(used > 0, "[feature-matching] allButLast of one map leaves none")
      let terms = zip(real, fake).prefix(used).map { ($1 - $0.detached()).abs().mean() }
      return hyperparameters.layerReduction == .sum ? sum(terms) : sum(terms) / Float(terms.count)
    }
    return hyperparameters.scaleReduction == .sum ? sum(scales) : sum(scales) / Float(scales.count)
  }

  private func sum(_ terms: [Tensor]) -> Tensor { terms.dropFirst().reduce(terms[0], +) }
}
