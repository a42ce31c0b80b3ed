import PluginAPI

/// Binary cross entropy on logits, the original game.
///
///     H(l, t) = t·softplus(−l) + (1 − t)·softplus(l)
///     D = w · (mean H(D(x), realTarget) + mean H(D(G(z)), fakeTarget))
///     G = mean H(D(G(z)), 1)                  game: nonsaturating
///     G = −mean H(D(G(z)), 0)                 game: minimax
///
/// Targets other than 1 and 0 smooth the labels. The sum over both halves has weight w = 1; some
/// papers take their mean, w = 0.5.
///
/// - Source: arXiv:1406.2661, equation 1 and the remark after it; smoothing arXiv:1606.03498,
///   section 3.4.
struct CrossEntropy: LogitLoss {
  /// What the generator plays for.
  enum Game: String, CaseIterable, HyperparameterValue { case nonsaturating, minimax }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Probability the discriminator should give real images.", in: 0...1)
    var realTarget: Float = 1
    @Hyperparameter("Probability the discriminator should give generated images.", in: 0...1)
    var fakeTarget: Float = 0
    @Hyperparameter("Whether the generator raises log D (nonsaturating) or lowers log(1 − D).")
    var game = Game.nonsaturating
    @Hyperparameter(
      "Factor w on the discriminator's loss; 0.5 averages its two halves.", in: 0...100)
    var discriminatorWeight: Float = 1
    @Hyperparameter("How the losses of several scales or views become one.")
    var scales = ScaleReduction.mean
  }

  let scales: ScaleReduction
  private let realTarget: Float
  private let fakeTarget: Float
  private let game: Game
  private let discriminatorWeight: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    scales = hyperparameters.scales
    realTarget = hyperparameters.realTarget
    fakeTarget = hyperparameters.fakeTarget
    game = hyperparameters.game
    discriminatorWeight = hyperparameters.discriminatorWeight
  }

  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    discriminatorWeight * (entropy(real, realTarget) + entropy(fake, fakeTarget))
  }

  func generatorLoss(fake: Tensor) -> Tensor {
    switch game {
    case .nonsaturating: entropy(fake, 1)
    case .minimax: -entropy(fake, 0)
    }
  }

  /// `mean H(l, t)`, written as `softplus(l) − t·l`, which is the same.
  private func entropy(_ logits: Tensor, _ target: Float) -> Tensor {
    switch target {
    case 0: logits.softplus().mean()
    case 1: (-logits).softplus().mean()  // exact where the difference would cancel
    default: (logits.softplus() - target * logits).mean()
    }
  }
}
