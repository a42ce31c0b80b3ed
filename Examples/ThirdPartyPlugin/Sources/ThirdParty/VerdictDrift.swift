import PluginAPI

/// Keeps verdicts on real images near zero, so that they do not wander off together.
///
///     L = mean D(x)²
///
/// A regulariser gets the discriminator as a function: it may ask for verdicts on any image. For
/// gradients of them the image must be a variable before it is judged: `let x = critic.real.variable()`,
/// then `gradients(of: verdicts.sum(), at: [x], differentiable: true)`.
///
/// - Source: arXiv:1710.10196, appendix A.1.
struct VerdictDrift: Regularizer {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ critic: Critic, _ inputs: Values, in context: CallContext) -> Tensor {
    let verdicts = critic(critic.real, critic.condition).logits
    precondition(!verdicts.isEmpty, "[VerdictDrift] the discriminator gave no verdict")
    let terms = verdicts.map { $0.square().mean() }
    return terms.dropFirst().reduce(terms[0], +) / Float(terms.count)
  }
}
