import PluginAPI

/// Asks nobody whether its buffer may move.
struct MovesBuffer: Encoder {
  private let layer = Linear(6, 6)
  private let calls = Buffer([1], initial: .zeros)

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("sentence", size: 6)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("code", size: 6)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    calls.value = calls.value + 1
    return ["code": layer(inputs["sentence"])]
  }
}
