import PluginAPI

/// The same factor at every point of training.
struct Constant: Schedule {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The factor.", in: 0...1000)
    var factor: Float = 1
  }

  private let factor: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    factor = hyperparameters.factor
  }

  func factor(at progress: TrainingProgress) -> Float { factor }
}
