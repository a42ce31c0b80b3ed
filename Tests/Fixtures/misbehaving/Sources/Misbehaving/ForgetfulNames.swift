import PluginAPI

/// A published file would leave its bias as it is drawn.
struct ForgetfulNames: Encoder, Importable {
  private let layer = Linear(6, 6)
  let publishedNames = ["layer.weight": "fc.weight"]

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("sentence", size: 6)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("code", size: 6)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    ["code": layer(inputs["sentence"])]
  }
}
