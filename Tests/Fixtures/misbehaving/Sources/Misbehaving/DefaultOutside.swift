import PluginAPI

/// Its default is above its upper bound.
struct DefaultOutside: LogitLoss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Distance from zero.", in: 0...1)
    var margin: Float = 2
  }

  private let margin: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    margin = hyperparameters.margin
  }

  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    (margin - real).relu().mean() + (margin + fake).relu().mean()
  }

  func generatorLoss(fake: Tensor) -> Tensor { -fake.mean() }
}
