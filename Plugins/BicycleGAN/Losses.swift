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
///     r = mean |I₁ − I₂| / (mean |z₁ − z₂| + 1e-5)      for each sample
///     L = −mean r                                       without a bound τ
///     L = min(−mean r, τ)                               clips: loss
///     L = −mean min(r, τ)                               clips: ratio
///
/// I₂ counts as a constant.
///
/// - Source: arXiv:1901.09024, equation 2, which bounds the ratio; its authors' code has a bound on the
///   loss, off by default, which acts below zero only.
struct Diversity: Loss {
  /// What a bound holds down.
  enum Clips: String, CaseIterable, HyperparameterValue {
    /// The whole loss, as published: with τ < 0 nothing is learned until the mean ratio is -τ.
    case loss
    /// Each sample's ratio, as printed: more diversity does not pay.
    case ratio
  }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Most that the loss, or each ratio, can be; none if absent.", in: -1000...1000)
    var bound: Float? = nil
    @Hyperparameter("What the bound holds down: the loss as published, each ratio as printed.")
    var clips = Clips.loss

    func validate() throws {
      if let bound, clips == .ratio, bound <= 0 {
        throw ConfigurationError("bound \(bound) is below every ratio; give one above 0")
      }
    }

    var remarks: [String] {
      guard let bound, clips == .loss, bound >= 0 else { return [] }
      return [
        "bound \(bound): the loss is never above 0, so it holds nothing down; the paper's bound is "
          + "clips: \"ratio\""
      ]
    }
  }

  private let bound: Float?
  private let clips: Clips

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [
      .image("first", role: .generated), .image("second", role: .generated),
      .latent("firstZ"), .latent("secondZ"),
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    bound = hyperparameters.bound
    clips = hyperparameters.clips
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    func distance(_ a: Tensor, _ b: Tensor) -> Tensor {
      (a - b).abs().mean(axes: Array(1..<a.rank))
    }
    let images = distance(inputs["first"], inputs["second"].detached())  // [N]
    let ratio = images / (distance(inputs["firstZ"], inputs["secondZ"]) + 1e-5)
    guard let bound else { return -ratio.mean() }
    return switch clips {
    case .loss: (-ratio.mean()).clamp(max: bound)
    case .ratio: -ratio.clamp(max: bound).mean()
    }
  }
}
