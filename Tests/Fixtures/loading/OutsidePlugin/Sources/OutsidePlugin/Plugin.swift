import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "outside",
      version: "2.1.0",
      summary: "What a plugin in a package of its own may look like.",
      components: [
        .component("halving", "Halves the factor again and again.", HalvingSchedule.self),
        .component("inner-product", "Inner product of the logits.", InnerProductLoss.self),
      ]))
}

/// `2^(-images / every)`, in steps.
struct HalvingSchedule: Schedule {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Images between two halvings.", in: 1...1_000_000)
    var every = 1000
  }

  let every: Int

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    every = hyperparameters.every
  }

  func factor(at progress: TrainingProgress) -> Float {
    1 / Float(1 << (progress.images / every))
  }
}

/// `real · fake`, of logits `[1, N]`.
struct InnerProductLoss: LogitLoss {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    matmul(real, fake, transposeB: true)
  }

  func generatorLoss(fake: Tensor) -> Tensor { matmul(fake, fake, transposeB: true) }
}
