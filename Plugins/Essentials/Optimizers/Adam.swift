import PluginAPI

/// Adaptive moment estimation.
///
///     m ← β₁·m + (1 − β₁)·g          m̂ = m / (1 − β₁ᵗ)
///     v ← β₂·v + (1 − β₂)·g²         v̂ = v / (1 − β₂ᵗ)
///     θ ← θ − η · m̂ / (√v̂ + ε)
///
/// - State: `m` and `v`, shaped like the parameter, zero at first; t counts the steps of each
///   parameter by itself.
/// - Source: arXiv:1412.6980, algorithm 1.
struct Adam: Optimizer {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Step size η before any schedule.", in: 0...10)
    var learningRate: Float = 2e-4
    @Hyperparameter("Decay β₁ of the mean of gradients, per step.", in: 0...0.999_99)
    var beta1: Float = 0.5
    @Hyperparameter("Decay β₂ of the mean of squared gradients, per step.", in: 0...0.999_99)
    var beta2: Float = 0.999
    @Hyperparameter(
      "Added outside the root, so that a division by zero cannot occur.", in: 1e-30...1)
    var epsilon: Float = 1e-8
  }

  let learningRate: Float
  private let beta1: Float
  private let beta2: Float
  private let epsilon: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    learningRate = hyperparameters.learningRate
    beta1 = hyperparameters.beta1
    beta2 = hyperparameters.beta2
    epsilon = hyperparameters.epsilon
  }

  func initialState(for parameter: Tensor) -> [String: Tensor] {
    ["m": .zeros(parameter.shape), "v": .zeros(parameter.shape)]
  }

  func step(
    _ parameter: Tensor, gradient: Tensor, state: inout [String: Tensor], learningRate: Float,
    count: Int
  ) -> Tensor {
    guard let oldMean = state["m"], let oldSquare = state["v"] else {
      preconditionFailure("[adam] the state has \(state.keys.sorted()), expected m and v")
    }
    let m = beta1 * oldMean + (1 - beta1) * gradient
    let v = beta2 * oldSquare + (1 - beta2) * gradient.square()
    let size = learningRate / correction(beta1, count)
    let root = correction(beta2, count).squareRoot()
    state = ["m": m, "v": v]
    return parameter - size * (m / (v.sqrt() * (1 / root) + epsilon))
  }

  /// `1 − βᵗ`: what a mean that started at zero has of its weight after t steps.
  private func correction(_ beta: Float, _ count: Int) -> Float {
    var power = 1.0
    var base = Double(beta)
    var exponent = count
    while exponent > 0 {  // by squaring
      if exponent & 1 == 1 { power *= base }
      base *= base
      exponent >>= 1
    }
    return Float(1 - power)
  }
}
