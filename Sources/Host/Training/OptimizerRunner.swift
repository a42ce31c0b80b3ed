import PluginAPI

/// An optimizer with the state of every parameter it has stepped.
final class OptimizerRunner {
  /// One parameter's state.
  struct State {
    /// Steps taken.
    var count = 0
    /// Moments and the like, by name.
    var tensors: [String: Tensor]
  }

  private let optimizer: any Optimizer
  private let schedule: (any Schedule)?
  /// States by the parameter's path.
  var states: [String: State] = [:]

  /// Wraps an optimizer and its schedule.
  init(_ optimizer: any Optimizer, schedule: (any Schedule)?) {
    self.optimizer = optimizer
    self.schedule = schedule
  }

  /// The learning rate now.
  func learningRate(at progress: TrainingProgress) -> Float {
    optimizer.learningRate * (schedule?.factor(at: progress) ?? 1)
  }

  /// Steps each parameter that has a gradient; one that the loss does not reach stays as it is.
  func step(
    _ parameters: [(path: String, parameter: Parameter)], _ gradients: [Tensor?],
    at progress: TrainingProgress
  ) {
    let rate = learningRate(at: progress)
    withoutGradient {
      for ((path, parameter), gradient) in zip(parameters, gradients) {
        guard let gradient else { continue }
        let value = parameter.value.detached()
        var state =
          states[path] ?? State(tensors: optimizer.initialState(for: value))
        state.count += 1
        let next = optimizer.step(
          value, gradient: gradient.detached(), state: &state.tensors, learningRate: rate,
          count: state.count)
        Tensor.evaluate([next] + state.tensors.sorted { $0.key < $1.key }.map(\.value))
        parameter.value = next
        states[path] = state
      }
    }
  }
}
