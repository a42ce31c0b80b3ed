import PluginAPI

/// Reads from address 8.
struct Crashes: Encoder {

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("sentence", size: 6)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("code", size: 6)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let nowhere = UnsafePointer<Float>(bitPattern: 8)
    return ["code": inputs["sentence"] * (nowhere?.pointee ?? 1)]
  }
}
