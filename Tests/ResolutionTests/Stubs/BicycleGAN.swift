import PluginAPI

/// A U-Net that takes z at every level.
struct BicycleUNet: Generator, Stub {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .map("condition", .classPlanes, height: size.height, width: size.width), .latent("z"),
    ]
  }

  static func provides(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.image("image", height: size.height, width: size.width)]
  }
}

/// One latent vector from the whole image.
struct ResNetEncoder: Encoder, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Length of z.", in: 1...512)
    var latentSize = 8
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    let z = Port.latent("z", size: hyperparameters.latentSize)
    return [z, .posterior("posterior", of: z)]
  }

  static func samplingSources(_ hyperparameters: Hyperparameters) -> [String: SamplingSource] {
    ["z": .standardNormal]
  }
}

/// Two networks of patches, beside the condition only if asked.
struct BicycleDiscriminator: Discriminator, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Whether it sees the condition too.")
    var isConditional = false
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image")] + (hyperparameters.isConditional ? [.classPlanes("condition")] : [])
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.logits("logits", count: 2)]
  }
}

/// Distance of a posterior's mean from the z an image was made from.
struct LatentL1: Loss, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [Port("estimate", .posterior), .latent("z")]
  }
}

/// How little two images differ for how much their codes do.
struct Diversity: Loss, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [
      .image("first", role: .generated), .image("second", role: .generated),
      .latent("firstZ"), .latent("secondZ"),
    ]
  }
}
