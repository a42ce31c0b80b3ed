import PluginAPI

/// Squared distance of the verdicts from targets.
///
///     D = w · (mean (D(x) − realTarget)² + mean (D(G(z)) − fakeTarget)²)
///     G = mean (D(G(z)) − generatorTarget)²
///
/// - Source: arXiv:1611.04076, equations 2 and 9, without its factor ½: set w = 0.5 for that.
struct LeastSquares: LogitLoss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Verdict the discriminator should give real images.", in: -1...1)
    var realTarget: Float = 1
    @Hyperparameter("Verdict the discriminator should give generated images.", in: -1...1)
    var fakeTarget: Float = 0
    @Hyperparameter("Verdict the generator wants for its images.", in: -1...1)
    var generatorTarget: Float = 1
    @Hyperparameter(
      "Factor w on the discriminator's loss; 0.5 averages its two halves.", in: 0...100)
    var discriminatorWeight: Float = 1
    @Hyperparameter("How the losses of several scales or views become one.")
    var scales = ScaleReduction.mean

    func validate() throws {
      if realTarget == fakeTarget {
        throw ConfigurationError("realTarget and fakeTarget are both \(realTarget)")
      }
    }
  }

  let scales: ScaleReduction
  private let realTarget: Float
  private let fakeTarget: Float
  private let generatorTarget: Float
  private let discriminatorWeight: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    scales = hyperparameters.scales
    realTarget = hyperparameters.realTarget
    fakeTarget = hyperparameters.fakeTarget
    generatorTarget = hyperparameters.generatorTarget
    discriminatorWeight = hyperparameters.discriminatorWeight
  }

  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    discriminatorWeight * (distance(real, realTarget) + distance(fake, fakeTarget))
  }

  func generatorLoss(fake: Tensor) -> Tensor { distance(fake, generatorTarget) }

  private func distance(_ logits: Tensor, _ target: Float) -> Tensor {
    (logits - target).square().mean()
  }
}
