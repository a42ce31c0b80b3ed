import PluginAPI

/// Adds noise that no seed governs.
struct OwnDice: Encoder {

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("sentence", size: 6)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("code", size: 6)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let x = inputs["sentence"]
    return ["code": x * Float.random(in: 1...2)]
  }
}
