import PluginAPI

/// What is no number counts as zero.
struct SwallowsNaN: LogitLoss {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    (known(fake) - known(real)).mean()
  }

  func generatorLoss(fake: Tensor) -> Tensor { -known(fake).mean() }

  private func known(_ x: Tensor) -> Tensor { `where`(x .== x, x, Tensor(0)) }
}
