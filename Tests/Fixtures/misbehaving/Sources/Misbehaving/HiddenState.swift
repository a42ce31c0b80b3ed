import PluginAPI

/// Its running mean is no `Buffer`.
struct HiddenState: Encoder {
  private final class Memory {
    var mean = Tensor.zeros([6])
  }
  private let layer = Linear(6, 6)
  private let memory = Memory()

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("sentence", size: 6)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("code", size: 6)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let x = layer(inputs["sentence"])
    if context.updatesBuffers {
      memory.mean = (0.5 * (memory.mean + x.mean(axes: [0]))).detached().evaluated()
    }
    return ["code": x - memory.mean]
  }
}
