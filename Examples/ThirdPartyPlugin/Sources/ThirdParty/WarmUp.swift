import PluginAPI

/// A straight line from 0 to 1, then 1: the learning rate's first steps are small.
struct WarmUp: Schedule {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("How long the line is.")
    var over = TrainingDuration.steps(1000)
  }

  private let duration: TrainingDuration

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    duration = hyperparameters.over
  }

  func factor(at progress: TrainingProgress) -> Float {
    // The first step counts already, or it would be lost.
    let next = TrainingProgress(
      step: progress.step + 1, images: progress.images + 1, epoch: progress.epoch + 1)
    return Float(min(1, duration.fraction(at: next)))
  }
}
