import PluginAPI

/// The difference of mean verdicts: an estimate of how far generated images are from real ones.
///
///     D = w · (mean D(G(z)) − mean D(x))
///     G = −mean D(G(z))
///
/// Verdicts are unbounded, so something has to hold the discriminator's slope: spectral norm of its
/// weights, or a gradient penalty.
///
/// - Source: arXiv:1701.07875, equation 3.
struct Wasserstein: LogitLoss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Factor w on the discriminator's loss.", in: 0...100)
    var discriminatorWeight: Float = 1
    @Hyperparameter("How the losses of several scales or views become one.")
    var scales = ScaleReduction.mean
  }

  let scales: ScaleReduction
  private let discriminatorWeight: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    scales = hyperparameters.scales
    discriminatorWeight = hyperparameters.discriminatorWeight
  }

  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    discriminatorWeight * (fake.mean() - real.mean())
  }

  func generatorLoss(fake: Tensor) -> Tensor { -fake.mean() }
}
