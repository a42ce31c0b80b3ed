import PluginAPI

/// The image as it is.
struct Whole: View {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ map: Tensor, of port: Port, _ inputs: Values) -> [Tensor] { [map] }
}
