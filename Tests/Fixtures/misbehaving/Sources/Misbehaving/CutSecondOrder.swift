import PluginAPI

/// Its verdict is a square written so that the gradient is right and the gradient's derivative is not.
///
///     2·x·c − c·c with c = x held constant:  value x², gradient 2·c, and no more
struct CutSecondOrder: Discriminator {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image")]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.logits("logits", count: 1)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func features(_ inputs: Values, in context: CallContext) -> Values {
    let x = inputs["image"]
    let c = x.detached()
    return ["square": 2 * x * c - c * c]
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    ["logits": features["square"].mean(axes: [1, 2, 3])]
  }
}
