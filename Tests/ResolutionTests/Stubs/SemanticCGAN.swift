import PluginAPI

/// Translates class planes.
struct PlaneUNet: Generator, Stub {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.map("condition", .classPlanes, height: size.height, width: size.width)]
  }

  static func provides(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.image("image", height: size.height, width: size.width)]
  }
}

/// A patch discriminator, the backbone of others.
struct PatchBackbone: Discriminator, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image"), .classPlanes("condition")]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.logits("logits", count: 1), .features("features", layers: 4)]
  }
}

/// A verdict a class and one of the whole, on any backbone.
struct GuidedDiscriminator: Discriminator, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The network below the heads.", slot: .discriminator)
    var backbone = ComponentReference("semantic-cgan/patchgan")
  }

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let own = try context.consumed(by: hyperparameters.backbone)
    return own.contains { $0.name == "labels" } ? own : own + [.labelMap("labels")]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let classes = try context.size("classes", of: "labels")
    return try context.provided(by: hyperparameters.backbone).map { port in
      var port = port
      if port.kind == .logits { port.attributes["channels"] = classes + 1 }
      return port
    }
  }
}

/// Verdicts, a segmentation and a reconstruction from the image alone; labels only say how many
/// classes there are.
struct SemDisc: Discriminator, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image"), .labelMap("labels")]
  }

  static func provides(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let classes = context.bound["labels"]?["classes"]
    let image = context.bound["image"]
    let (height, width) = (image?["height"], image?["width"])
    var verdicts = Port.logits("logits", count: 2)
    verdicts.attributes["channels"] = classes.map { $0 + 1 }
    return [
      verdicts, .features("features", layers: 4),
      .map("segmentation", .segmentation, classes: classes, height: height, width: width),
      .image("reconstruction", height: height, width: width),
    ]
  }
}

/// A game in which each class that is present weighs the same.
struct ClassWeighted: AdversarialLoss, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.labelMap("labels")]
  }
}

/// Distance of what a task network says of the generated and the real image.
struct SemanticPerceptual: Loss, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The task network.", slot: .perceptor)
    var network = ComponentReference("perceptors/segmenter")
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }
}

/// What a segmentation is compared with: of a network, or of a discriminator's look.
enum Look: String, CaseIterable, HyperparameterValue {
  case plain, real, fake

  var role: Port.Role? { self == .plain ? nil : Port.Role(rawValue: rawValue) }
}

/// Cross entropy of a segmentation with the labels, on either side of the game.
struct SegmentationLoss: Loss, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Whose segmentation is read.")
    var look = Look.plain
    @Hyperparameter("Whose loss it is part of.")
    var side = LossSide.generator
  }

  static func side(_ hyperparameters: Hyperparameters) -> LossSide { hyperparameters.side }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [
      .map("segmentation", .segmentation, role: hyperparameters.look.role),
      .map("labels", .labelMap),
    ]
  }
}

/// Distance of a discriminator's reconstruction from the real image.
struct ReconstructionLoss: Loss, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Whose reconstruction is read.")
    var look = Look.real
    @Hyperparameter("Whose loss it is part of.")
    var side = LossSide.discriminator
  }

  static func side(_ hyperparameters: Hyperparameters) -> LossSide { hyperparameters.side }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [
      .image("reconstruction", role: hyperparameters.look.role), .image("target", role: .target),
    ]
  }
}
