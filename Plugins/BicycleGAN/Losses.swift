import PluginAPI

/// Distance of a posterior's mean from the z an image was made from.
///
///     L = mean |μ(G(c, z)) − z|
///
/// - Source: arXiv:1711.11586, equation 6.
struct LatentL1: Loss {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [Port("estimate", .posterior), .latent("z")]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    (inputs["estimate.mean"] - inputs["z"]).abs().mean()
  }
}

/// How little two images of one condition differ for how much their codes do.
///
///     L = −mean over samples of  mean |I₁ − I₂| / (mean |z₁ − z₂| + 1e-5)
///
/// I₂ counts as a constant. A ratio above the bound, where there is one, counts as the bound.
///
/// - Source: arXiv:1901.09024, equation 2, with the details of its authors' code.
struct Diversity: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Ratio from which on more diversity does not pay.", in: 0...1000)
    var bound: Float? = nil
  }

  private let bound: Float?

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [
      .image("first", role: .generated), .image("second", role: .generated),
      .latent("firstZ"), .latent("secondZ"),
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    bound = hyperparameters.bound
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    func distance(_ a: Tensor, _ b: Tensor) -> Tensor {
      (a - b).abs().mean(axes: Array(1..<a.rank))
    }
    let images = distance(inputs["first"], inputs["second"].detached())  // [N]
    let ratio = images / (distance(inputs["firstZ"], inputs["secondZ"]) + 1e-5)
    return -(bound.map { ratio.clamp(max: $0) } ?? ratio).mean()
  }
}
