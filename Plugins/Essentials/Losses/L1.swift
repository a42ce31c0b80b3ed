import PluginAPI

/// Mean absolute difference of the generated image from the target.
///
///     L = mean |generated − target|
///
/// Over batch, pixels and channels, both images in -1...1.
struct L1: Loss {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) -> [Port] {
    imagePair
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    (inputs["generated"] - inputs["target"]).abs().mean()
  }
}

/// The two images that pixel losses and metrics compare.
let imagePair: [Port] = [
  .image("generated", role: .generated),
  .image("target", role: .target),
]
