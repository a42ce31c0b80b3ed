import PluginAPI

/// The autoencoder behind a noise prior.
struct VAE: Perceptor, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", side: 64, role: .target)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [
      .image("reconstruction", side: 64),
      .posterior("posterior", of: .latent("z", size: 128)),
    ]
  }
}

/// Likelihood of the image under the reconstruction.
struct Likelihood: Loss, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("reconstruction", side: 64), .image("image", side: 64, role: .target)]
  }
}

/// Noise through an autoencoder: noise → image → noise.
struct NoisePrior: Latent, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The autoencoder.", slot: .perceptor)
    var network = ComponentReference("slnp/vae")
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.latent("z", size: 128)]
  }
}

/// A global stage at half the side and a refining one at the whole.
struct TwoStageGenerator: Generator, Stub {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let side = try context.imageSize().height
    return [
      .labelMap("coarseLabels", side: side / 2), .labelMap("labels", side: side),
      .latent("z", size: 128), Port("instances", .instances).optional,
    ]
  }

  static func provides(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let side = try context.imageSize().height
    return [.image("coarse", side: side / 2), .image("image", side: side)]
  }
}

/// Judges an image beside its labels.
struct LabelDiscriminator: Discriminator, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image"), .labelMap("labels")]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.logits("logits", count: 1), .features("features", layers: 5)]
  }
}

/// Adam's direction with momentum on top.
struct AMM: Optimizer, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Step size before any schedule.", in: 0...10)
    var learningRate: Float = 1e-4
    @Hyperparameter("Share α of the step before that is added.", in: 0...0.999)
    var momentum: Float = 0.9
  }
}
