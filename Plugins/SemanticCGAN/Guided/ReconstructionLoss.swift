import PluginAPI

/// Distance of a discriminator's reconstruction from the real image.
///
///     L = Σ over scales  mean |reconstruction − real|
///
/// What was reconstructed from a generated image is compared with the real one too.
///
/// - Source: A Shared Representation for Photorealistic Driving Simulators (2021).
struct ReconstructionLoss: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Whose reconstruction is read.")
    var look = Look.real
    @Hyperparameter("Whose loss it is part of.")
    var side = LossSide.discriminator
  }

  static func side(_ hyperparameters: Hyperparameters) -> LossSide { hyperparameters.side }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("reconstruction", role: hyperparameters.look.role), .image("target", role: .target)]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let target = inputs["target"]
    let terms = inputs.list("reconstruction").map { ($0 - target).abs().mean() }
    return terms.dropFirst().reduce(terms[0], +)
  }
}
