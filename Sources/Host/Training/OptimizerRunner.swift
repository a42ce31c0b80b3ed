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
  /// Gradients that wait for the next phase of this optimizer, by the parameter's path.
  var kept: [String: Tensor] = [:]

  /// Wraps an optimizer and its schedule.
  init(_ optimizer: any Optimizer, schedule: (any Schedule)?) {
    self.optimizer = optimizer
    self.schedule = schedule
  }

  /// Forgets the state of every parameter.
  func restart() { states = [:] }

  /// Keeps gradients for the next ``step(_:_:_:at:)``, which adds them to its own.
  func keep(_ parameters: [(path: String, parameter: Parameter)], _ gradients: [Tensor?]) {
    withoutGradient {
      for ((path, _), gradient) in zip(parameters, gradients) {
        guard let gradient = gradient?.detached() else { continue }
        kept[path] = (kept[path].map { $0 + gradient } ?? gradient).evaluated()
      }
    }
  }

  /// The parameters that gradients are kept for.
  var waiting: Set<String> { Set(kept.keys) }

  /// Whether ``step(_:_:_:at:)`` with this gradient changes the parameter: the loss reaches it, a gradient was
  /// kept for it, or it has been stepped before.
  func changes(_ path: String, with gradient: Tensor?) -> Bool {
    gradient != nil || kept[path] != nil || states[path] != nil
  }

  /// The learning rate now.
  func learningRate(at progress: TrainingProgress) -> Float {
    optimizer.learningRate * (schedule?.factor(at: progress) ?? 1)
  }

  /// Steps a parameter with its gradient and what was kept for it.
  ///
  /// A parameter that the loss does not reach stays as it is, until it has been stepped once: from
  /// then on its gradient counts as zero, and its moments move on. So a penalty that leaves biases
  /// alone still advances them, as published training programs do.
  func step(
    _ path: String, _ parameter: Parameter, _ gradient: Tensor?, at progress: TrainingProgress
  ) {
    let rate = learningRate(at: progress)
    withoutGradient {
      let parts = [gradient?.detached(), kept.removeValue(forKey: path)].compactMap(\.self)
      guard let first = parts.first ?? (states[path].map { _ in .zeros(parameter.shape) }) else {
        return
      }
      let gradient = parts.dropFirst().reduce(first, +)
      // Out of the table, so that nobody else holds it while it is replaced.
      var state =
        states.removeValue(forKey: path)
        ?? State(tensors: optimizer.initialState(for: parameter.value.detached()))
      state.count += 1
      let count = state.count
      parameter.update(&state.tensors) { value, tensors in
        optimizer.step(
          value, gradient: gradient, state: &tensors, learningRate: rate, count: count)
      }
      states[path] = state
    }
  }
}
