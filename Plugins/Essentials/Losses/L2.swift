import PluginAPI

/// Mean squared difference of the generated image from the target.
///
///     L = mean (generated − target)²
///
/// Over batch, pixels and channels, both images in -1...1.
struct L2: Loss {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) -> [Port] {
    imagePair
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    (inputs["generated"] - inputs["target"]).square().mean()
  }
}
