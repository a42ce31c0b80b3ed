import Glibc
import PluginAPI

/// Waits for what never comes.
struct Hangs: Encoder {

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("sentence", size: 6)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("code", size: 6)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    while true { pause() }
  }
}
