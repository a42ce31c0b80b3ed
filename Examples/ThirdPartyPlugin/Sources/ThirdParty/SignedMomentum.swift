import PluginAPI

/// A step of one length in the direction that most of the last gradients point to.
///
///     θ ← θ − η · sign(β₁·m + (1 − β₁)·g)
///     m ← β₂·m + (1 − β₂)·g
///
/// What a step needs from the one before is in `state`, which checkpoints keep.
///
/// - Source: arXiv:2302.06675, algorithm 2.
struct SignedMomentum: Optimizer {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Length η of a step.", in: 0...1)
    var learningRate: Float = 1e-4
    @Hyperparameter("Share β₁ of the past in the direction of a step.", in: 0...0.9999)
    var beta1: Float = 0.9
    @Hyperparameter("Share β₂ of the past that is kept.", in: 0...0.9999)
    var beta2: Float = 0.99
  }

  let learningRate: Float
  private let beta1: Float
  private let beta2: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    learningRate = hyperparameters.learningRate
    beta1 = hyperparameters.beta1
    beta2 = hyperparameters.beta2
  }

  func initialState(for parameter: Tensor) -> [String: Tensor] {
    ["m": .zeros(parameter.shape)]
  }

  func step(
    _ parameter: Tensor, gradient: Tensor, state: inout [String: Tensor], learningRate: Float,
    count: Int
  ) -> Tensor {
    guard let old = state["m"] else {
      preconditionFailure("[SignedMomentum] the state has \(state.keys.sorted()), expected m")
    }
    let direction = beta1 * old + (1 - beta1) * gradient
    state = ["m": beta2 * old + (1 - beta2) * gradient]
    // Zero times the direction keeps a gradient that is no number from passing for a direction.
    return parameter - learningRate * (direction.sign() + 0 * direction)
  }
}
