import PluginAPI

/// Hinge loss on logits: the discriminator ignores what it already tells apart by a margin.
///
///     D = w · (mean max(0, m − D(x)) + mean max(0, m + D(G(z))))
///     G = −mean D(G(z))
///
/// - Source: arXiv:1705.02894.
struct Hinge: LogitLoss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Distance m from zero at which a logit stops being penalised.", in: 0...10)
    var margin: Float = 1
    @Hyperparameter("Factor w on the discriminator's loss.", in: 0...100)
    var discriminatorWeight: Float = 1
    @Hyperparameter("How the losses of several scales or views become one.")
    var scales = ScaleReduction.mean
  }

  let scales: ScaleReduction
  private let margin: Float
  private let discriminatorWeight: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    scales = hyperparameters.scales
    margin = hyperparameters.margin
    discriminatorWeight = hyperparameters.discriminatorWeight
  }

  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    discriminatorWeight * ((margin - real).relu().mean() + (margin + fake).relu().mean())
  }

  func generatorLoss(fake: Tensor) -> Tensor { -fake.mean() }
}
