import PluginAPI

/// Half of the result counts as a constant.
struct CutGradient: Encoder {
  private let layer = Linear(6, 6)

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("sentence", size: 6)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("code", size: 6)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let x = layer(inputs["sentence"])
    return ["code": (x + x.square().detached()).tanh()]
  }
}
