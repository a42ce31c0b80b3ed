import PluginAPI

/// Zero-centred gradient penalty on real images.
///
///     L = ½ · γ · mean over images ‖∇ₓ Σ D(x)‖²      (Σ over verdicts: a patch discriminator has many)
///
/// The sum goes over all verdicts on one image, of every scale. The norm is that over the image's
/// pixels and channels, so γ depends on the resolution. Costs a second pass through the
/// discriminator and its derivative; `every` in the experiment file makes that rarer.
///
/// - Source: arXiv:1801.04406, equation 9.
struct R1: Regularizer {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Strength γ.", in: 0...10_000)
    var gamma: Float = 10
  }

  private let gamma: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    gamma = hyperparameters.gamma
  }

  func callAsFunction(_ critic: Critic, _ inputs: Values, in context: CallContext) -> Tensor {
    let image = critic.real.variable()
    let verdicts = critic(image, critic.condition).logits
    precondition(!verdicts.isEmpty, "[r1] the discriminator gave no value named logits")
    let total = verdicts.dropFirst().reduce(verdicts[0].sum()) { $0 + $1.sum() }
    guard let slope = gradients(of: total, at: [image], differentiable: true)[0] else {
      preconditionFailure("[r1] the verdicts do not depend on the image")
    }
    return gamma / 2 * slope.square().sum() / Float(image.shape[0])
  }
}
