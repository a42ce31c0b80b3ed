import PluginAPI

/// Momentum that begins anew, in silence, where its state is gone.
struct TakesAnyState: Optimizer {
  let learningRate: Float = 0.1

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func initialState(for parameter: Tensor) -> [String: Tensor] {
    ["m": .zeros(parameter.shape)]
  }

  func step(
    _ parameter: Tensor, gradient: Tensor, state: inout [String: Tensor], learningRate: Float,
    count: Int
  ) -> Tensor {
    let m = (0.9 * (state["m"] ?? .zeros(parameter.shape)) + gradient).evaluated()
    state = ["m": m]
    return (parameter - learningRate * m).evaluated()
  }
}
