import PluginAPI

/// One latent map a class from one masked image a class.
struct ClassSplitEncoder: Encoder, Stub {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .image("image", height: size.height, width: size.width, role: .target),
      .map("labels", .labelMap, height: size.height, width: size.width),
    ]
  }

  static func provides(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    let classes = try context.size("classes", of: "labels")
    let z = Port.latentMap(
      "z", height: size.height / 64, width: size.width / 64, channels: 8 * classes, groups: classes)
    return [z, .posterior("posterior", of: z)]
  }

  static func samplingSources(
    _ hyperparameters: NoHyperparameters
  ) -> [String: SamplingSource] { ["z": .standardNormal, "posterior": .absent] }
}

/// A decoder whose groups of convolutions fall from one a class to one.
struct GroupDecreasingGenerator: Generator, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Whether it sees edges too.")
    var edges = false
  }

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    let classes = context.bound["labels"]?["classes"]
    let labels = Port.map("labels", .labelMap, height: size.height, width: size.width)
    let edges = Port.map("edges", .edges, height: size.height, width: size.width)
    return [labels] + (hyperparameters.edges ? [edges] : []) + [
      .latentMap(
        "z", height: size.height / 64, width: size.width / 64, channels: classes.map { 8 * $0 },
        groups: classes)
    ]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.image("image", height: size.height, width: size.width)]
  }
}

/// Two networks of patches at full and half size, beside labels and, if asked, edges.
struct MultiscaleDiscriminator: Discriminator, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Whether it sees edges too.")
    var edges = false
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image"), .map("labels", .labelMap)]
      + (hyperparameters.edges ? [.map("edges", .edges)] : [])
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.logits("logits", count: 2), .features("features", layers: 4)]
  }
}
