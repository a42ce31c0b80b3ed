import PluginAPI

/// The original game on probabilities, with a small constant in the logarithm.
///
///     D = −mean log(σ(l(x)) + 1e-7) − mean log(1 − σ(l(G(z))) + 1e-7)
///     G = −mean log(σ(l(G(z))) + 1e-7)
///
/// Where the discriminator is nearly sure of itself the constant takes the gradient away.
///
/// - Source: arXiv:1801.00055, its authors' Keras code.
struct LogLoss: LogitLoss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Number added within the logarithm.", in: 0...0.1)
    var epsilon: Float = 1e-7
    @Hyperparameter("How the losses of several scales or views become one.")
    var scales = ScaleReduction.mean
  }

  let scales: ScaleReduction
  private let epsilon: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    scales = hyperparameters.scales
    epsilon = hyperparameters.epsilon
  }

  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor { loss(real) + loss(-fake) }

  func generatorLoss(fake: Tensor) -> Tensor { loss(fake) }

  /// `1 − σ(l) = σ(−l)`, without cancellation.
  private func loss(_ logits: Tensor) -> Tensor { -(logits.sigmoid() + epsilon).log().mean() }
}
