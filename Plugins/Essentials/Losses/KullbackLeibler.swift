import PluginAPI

/// Divergence of a Gaussian posterior from standard normal noise.
///
///     L = −½ Σ (1 + log σ² − μ² − σ²)
///
/// The sum goes over every number of the latent and, by `reduction`, over the whole batch
/// (`sum`), per image (`perImage`: divided by N), or is a mean over everything (`mean`). Under
/// `sum` the weight per image does not shrink as the batch grows.
///
/// - Source: arXiv:1312.6114, appendix B.
struct KullbackLeibler: Loss {
  /// What the sum is divided by.
  enum Reduction: String, CaseIterable, HyperparameterValue { case sum, perImage, mean }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Sum over the batch, mean over its images, or mean over every number.")
    var reduction = Reduction.sum
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [Port("posterior", .posterior)]
  }

  private let reduction: Reduction

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    reduction = hyperparameters.reduction
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let mean = inputs["posterior.mean"]
    let logVariance = inputs["posterior.logVariance"]
    let sum = -0.5 * (1 + logVariance - mean.square() - logVariance.exp()).sum()
    switch reduction {
    case .sum: return sum
    case .perImage: return sum / Float(mean.shape[0])
    case .mean: return sum / Float(mean.count)
    }
  }
}
