import PluginAPI

/// Moves a person into another pose; skip connections are warped part by part.
struct DeformableGenerator: Generator, Stub {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .image("source", height: size.height, width: size.width, role: .source),
      .map("sourcePose", .poseMaps, height: size.height, width: size.width, role: .source),
      .map("targetPose", .poseMaps, height: size.height, width: size.width, role: .target),
      Port("transforms", .partTransforms),
      .map("parts", .partMasks, height: size.height, width: size.width),
    ]
  }

  static func provides(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.image("image", height: size.height, width: size.width)]
  }
}

/// Judges an image beside the source image and both poses.
struct PoseDiscriminator: Discriminator, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [
      .image("image"), .image("source", role: .source),
      .map("sourcePose", .poseMaps, role: .source), .map("targetPose", .poseMaps, role: .target),
    ]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.logits("logits", count: 1)]
  }
}

/// One Gaussian a key point.
struct PoseMapsOfKeypoints: Adapter, Stub {
  static func adapted(_ provider: Port, for consumer: Port) -> Port? {
    guard provider.kind == .keypoints, consumer.kind == .poseMaps,
      consumer.role == nil || consumer.role == provider.role
    else { return nil }
    return .map(
      consumer.name, .poseMaps, classes: provider["count"],
      height: consumer["height"] ?? provider["height"],
      width: consumer["width"] ?? provider["width"], role: provider.role)
  }
}

/// The game on probabilities.
struct LogLoss: AdversarialLoss, Stub {}

/// Distance of features from the nearest ones around the same place of the target.
struct NearestNeighbour: Loss, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Side of the neighbourhood, in pixels.", in: 1...15)
    var neighbourhood = 3
    @Hyperparameter("The feature network.", slot: .perceptor)
    var network = ComponentReference("perceptors/vgg19")
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }
}
