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
  private let layersPerScale: Int?

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    self.hyperparameters = hyperparameters
    layersPerScale = context.bound["fake"]?["layers"]
    if hyperparameters.layers == .allButLast, layersPerScale == 1 {
      throw ConfigurationError("a discriminator of one feature map has none but the last")
    }
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let real = inputs.list("real")
    let fake = inputs.list("fake")
    precondition(
      !fake.isEmpty && fake.count == real.count,
      "[feature-matching] \(real.count) real and \(fake.count) fake maps, expected as many, at least 1"
    )
    let size = layersPerScale ?? fake.count  // maps of one scale
    precondition(
      fake.count % size == 0,
      "[feature-matching] \(fake.count) maps, expected a multiple of the \(size) layers of a scale")
    let used = hyperparameters.layers == .all ? size : size - 1
    let scales = stride(from: 0, to: fake.count, by: size).map { start in
      let terms = (start..<start + used).map { (fake[$0] - real[$0].detached()).abs().mean() }
      return hyperparameters.layerReduction == .sum ? sum(terms) : sum(terms) / Float(terms.count)
    }
    return hyperparameters.scaleReduction == .sum ? sum(scales) : sum(scales) / Float(scales.count)
  }

  private func sum(_ terms: [Tensor]) -> Tensor { terms.dropFirst().reduce(terms[0], +) }
}
