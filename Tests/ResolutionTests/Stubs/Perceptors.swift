import PluginAPI

/// Scores of classes for every pixel.
struct Segmenter: Perceptor, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Number of classes.", in: 2...1000)
    var classes = 12
  }

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.image("image", height: size.height, width: size.width, role: .target)]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .map(
        "segmentation", .segmentation, classes: hyperparameters.classes, height: size.height,
        width: size.width)
    ]
  }
}

/// Features of several depths.
struct VGG: Perceptor, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Layers after which features are taken.", each: 0...36)
    var layers = [1, 6, 11, 20, 29]
    @Hyperparameter("What is done to the image first.")
    var normalization = "none"
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.features("features", layers: hyperparameters.layers.count)]
  }
}

/// Distance of two images as a feature network sees them.
struct Perceptual: Loss, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The feature network.", slot: .perceptor)
    var network = ComponentReference("perceptors/vgg19")
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }
}

/// Three numbers for every instance, from the image; sampling uses the same image.
struct InstanceFeatures: Encoder, Stub {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .image("image", height: size.height, width: size.width, role: .target),
      .map("instances", .instanceMap, height: size.height, width: size.width),
    ]
  }

  static func provides(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.latentMap("style", height: size.height, width: size.width, channels: 3)]
  }

  static func samplingSources(
    _ hyperparameters: NoHyperparameters
  ) -> [String: SamplingSource] { ["style": .absent] }
}

/// A generator of labels, edges and, in training, the features of instances.
struct InstanceGenerator: Generator, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Whether the features of instances are needed when sampling too.")
    var needsStyle = true
  }

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    let style = Port.latentMap("style", height: size.height, width: size.width, channels: 3)
    return [
      .map("labels", .labelMap, height: size.height, width: size.width),
      .map("edges", .edges, height: size.height, width: size.width),
      hyperparameters.needsStyle ? style : style.optional,
    ]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.image("image", height: size.height, width: size.width)]
  }
}
