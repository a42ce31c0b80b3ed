import PluginAPI

/// Words and a sentence from a caption.
struct TextEncoder: Encoder, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Length of a word's and of the sentence's vector.", in: 2...4096)
    var size = 256
    @Hyperparameter("Whether it gives a sentence beside the words.")
    var hasSentence = true
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.caption("caption")]
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.words("words", size: hyperparameters.size)]
      + (hyperparameters.hasSentence ? [.sentence("sentence", size: hyperparameters.size)] : [])
  }
}

/// One stage, in which masks say where the sentence acts.
struct SemanticSpatialGenerator: Generator, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.latent("z", size: 100), .sentence("sentence")]
  }

  static func provides(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let side = try context.imageSize().height
    return [
      .image("image", side: side), Port("masks", .attentionMaps, attributes: ["count": 7]),
    ]
  }
}

/// A trunk that sees the image and a head that sees the sentence.
struct OneWayDiscriminator: Discriminator, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image"), Port.sentence("sentence").atJudgement]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.logits("logits", count: 1)]
  }
}

/// Hinge loss with mismatched pairs.
struct MatchingAwareHinge: AdversarialLoss, Stub {
  static var discriminatorJudgements: [JudgementKind] { [.real, .fake, .mismatched] }
}

/// Penalty on the gradients with respect to real images and their sentences.
struct MatchingAwarePenalty: Regularizer, Stub {}

/// Three stages with attention to words; masks of the foreground join each where asked for.
struct AttentionalGenerator: Generator, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Whether a foreground mask joins each stage.")
    var usesMask = false
  }

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let side = try context.imageSize().height
    return [.latent("z", size: 100), .sentence("sentence"), .words("words")]
      + (hyperparameters.usesMask ? [.mask("mask", side: side)] : [])
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let side = try context.imageSize().height
    return [
      .image("image64", side: side / 4), .image("image128", side: side / 2),
      .image("image256", side: side),
      Port("attention", .attentionMaps, attributes: ["count": 2]),
      .posterior("posterior", of: .latent("code", size: 100)),
    ]
  }
}

/// Heads on one trunk, each with a verdict of its own.
struct HeadedDiscriminator: Discriminator, Stub {
  enum Head: String, CaseIterable, HyperparameterValue { case unconditional, conditional, part }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The verdicts it gives.")
    var heads: [Head] = [.unconditional, .conditional]
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image")]
      + (hyperparameters.heads.contains(.conditional)
        ? [Port.sentence("sentence").atJudgement] : [])
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    hyperparameters.heads.map { .logits($0.rawValue, count: $0 == .part ? 4 : 1) }
  }
}

/// The game on all heads, and on mismatched pairs for the conditional one.
struct HeadedGame: AdversarialLoss, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The verdicts it reads.")
    var heads: [HeadedDiscriminator.Head] = [.unconditional, .conditional]
  }

  static var discriminatorJudgements: [JudgementKind] { [.real, .fake, .mismatched] }

  static func verdicts(_ hyperparameters: Hyperparameters) -> [String] {
    hyperparameters.heads.map(\.rawValue)
  }
}

/// Regions and a code of an image, beside words and sentences.
struct RegionEncoder: Perceptor, Stub {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image")]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.features("regions", layers: 1), .features("code", layers: 1)]
  }
}

/// How well images and texts of a batch find each other.
struct DAMSM: Loss, Stub {
  enum Source: String, CaseIterable, HyperparameterValue {
    case target, generated

    var role: Port.Role { self == .target ? .target : .generated }
  }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Which image the text should find.")
    var image = Source.generated
    @Hyperparameter("The image encoder.", slot: .perceptor)
    var imageEncoder = ComponentReference("attngan/image-encoder")
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [
      .image("image", role: hyperparameters.image.role), .words("words"), .sentence("sentence"),
      Port("species", .classLabel).optional,
    ]
  }
}

/// A rate that shrinks by a factor each epoch.
struct ExponentialDecay: Schedule, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Factor each epoch.", in: 0...1)
    var factor: Float = 0.98
  }

  func factor(at progress: TrainingProgress) -> Float { 1 }
}
