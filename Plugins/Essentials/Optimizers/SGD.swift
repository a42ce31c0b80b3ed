import PluginAPI

/// Gradient descent with momentum.
///
///     g ← g + weightDecay·θ
///     m ← momentum·m + g            (m = g in the first step)
///     θ ← θ − η·m                   nesterov: θ ← θ − η·(g + momentum·m)
///
/// - State: `m`, shaped like the parameter; none without momentum.
/// - Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep
///   learning", in the form in which the rate is not part of m.
struct SGD: Optimizer {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Step size η before any schedule.", in: 0...100)
    var learningRate: Float = 0.01
    @Hyperparameter("Share of the last direction that is kept, per step.", in: 0...0.999_99)
    var momentum: Float = 0
    @Hyperparameter("Whether the step looks ahead along the momentum.")
    var nesterov = false
    @Hyperparameter("Pull towards zero, as a multiple of the parameter.", in: 0...1)
    var weightDecay: Float = 0

    func validate() throws {
      if nesterov && momentum == 0 {
        throw ConfigurationError("nesterov needs a momentum above 0; momentum is 0")
      }
    }
  }

  let learningRate: Float
  private let momentum: Float
  private let nesterov: Bool
  private let weightDecay: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    learningRate = hyperparameters.learningRate
    momentum = hyperparameters.momentum
    nesterov = hyperparameters.nesterov
    weightDecay = hyperparameters.weightDecay
  }

  func initialState(for parameter: Tensor) -> [String: Tensor] {
    momentum == 0 ? [:] : ["m": .zeros(parameter.shape)]
  }

  func step(
    _ parameter: Tensor, gradient: Tensor, state: inout [String: Tensor], learningRate: Float,
    count: Int
  ) -> Tensor {
    let g = weightDecay == 0 ? gradient : gradient + weightDecay * parameter
    guard momentum != 0 else { return parameter - learningRate * g }
    guard let old = state["m"] else {
      preconditionFailure("[sgd] the state has \(state.keys.sorted()), expected m")
    }
    let m = momentum * old + g
    state = ["m": m]
    return parameter - learningRate * (nesterov ? g + momentum * m : m)
  }
}
