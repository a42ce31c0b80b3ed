import Host
import PluginAPI

/// What networks were asked in a run, a line a call. Samples are known by their tags: a real image
/// is filled with its tag, a generated one with the tag of its condition and a half.
enum CallLog {
  nonisolated(unsafe) private(set) static var lines: [String] = []

  static func clear() { lines = [] }

  /// Notes a call. Tags from 1000 on are those of the evaluation set.
  static func note(_ what: String, _ image: Tensor, _ context: CallContext) {
    let tags = tags(image)
    guard tags.allSatisfy({ $0 < 1000 }) else { return }
    let kind = isFake(image)
    let mode = context.isTraining ? "" : " frozen"
    lines.append("\(what)\(kind.map { $0 ? " fake" : " real" } ?? "")\(mode) \(tags)")
  }

  /// Notes a call that was not about an image.
  static func note(_ what: String) { lines.append(what) }

  static func tags(_ values: Tensor) -> [Int] {
    let count = values.shape[0]
    return values.reshaped([count, -1]).mean(axes: [1]).scalars().map { Int($0.rounded(.down)) }
  }

  /// Whether all are generated or none is; `nil` where both are there.
  private static func isFake(_ image: Tensor) -> Bool? {
    let flags = image.reshaped([image.shape[0], -1]).mean(axes: [1]).scalars().map {
      $0 - $0.rounded(.down) > 0.25
    }
    return flags.allSatisfy { $0 } ? true : flags.contains(true) ? nil : false
  }
}

/// Images of 2×2 pixels, all of their sample's tag, and the tag as a sentence.
struct TinyData: Dataset {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", side: 2, role: .target), .sentence("sentence", size: 1)]
  }

  func count(of split: Split) -> Int { split == .train ? 8 : 2 }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample {
    let tag = Float(split == .train ? index : 1000 + index)
    return [
      "image": Field(Array(repeating: tag, count: 12), shape: [2, 2, 3]),
      "sentence": Field([tag], shape: [1]),
    ]
  }
}

/// z = weight · tag + noise.
struct TinyEncoder: Encoder {
  let weight = Parameter([1], initial: .constant(0.01))

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.latent("z", size: 1), .posterior("posterior", of: .latent("z", size: 1))]
  }

  static func samplingSources(
    _ hyperparameters: NoHyperparameters
  ) -> [String: SamplingSource] { ["z": .standardNormal] }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let image = inputs["image"]
    CallLog.note("encoder", image, context)
    let mean = image.mean(axes: [1, 2, 3]).expandedDims(1) * weight.value  // [N, 1]
    let noise = context.normal("z", [image.shape[0], 1])
    return [
      "z": mean + noise, "posterior.mean": mean,
      "posterior.logVariance": .zeros([image.shape[0], 1]),
    ]
  }
}

/// An image of tag + 0.5 + weight · z / 50.
struct TinyGenerator: Generator {
  let weight = Parameter([1], initial: .constant(1))

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.latent("z"), .sentence("sentence")]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", side: 2)]
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let sentence = inputs["sentence"]
    let count = sentence.shape[0]
    CallLog.note("generator", sentence, context)
    let pixel = sentence + 0.5 + weight.value * inputs["z"] / 50  // [N, 1]
    return [
      "image": pixel.reshaped([count, 1, 1, 1]).broadcast(to: [count, 2, 2, 3])
    ]
  }
}

/// A trunk over the image and a head that also reads the sentence.
struct TinyDiscriminator: Discriminator {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Its name in the log.")
    var name = "D"
    @Hyperparameter("Whether its head reads the sentence.")
    var isConditional = true
  }

  let trunk = Parameter([1], initial: .constant(0.1))
  let head = Parameter([1], initial: .constant(0.2))
  private let hyperparameters: Hyperparameters

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    self.hyperparameters = hyperparameters
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image")]
      + (hyperparameters.isConditional ? [Port.sentence("sentence").atJudgement] : [])
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.logits("logits", count: 1), .features("features", layers: 1)]
  }

  func features(_ inputs: Values, in context: CallContext) -> Values {
    let image = inputs["image"]
    CallLog.note("\(hyperparameters.name) features", image, context)
    return ["trunk": (image * trunk.value).mean(axes: [1, 2, 3]).expandedDims(1)]  // [N, 1]
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    let trunk = features["trunk"]
    var logits = trunk.square() / 100
    if let sentence = condition.tensor("sentence") {
      CallLog.note("\(hyperparameters.name) judge beside", sentence + 0.5, context)
      logits = logits + head.value * sentence * trunk / 100
    }
    return ["logits": logits, "features": trunk]
  }
}

/// A look at the image through one weight.
struct TinyPerceptor: Perceptor {
  let weight = Parameter([1], initial: .constant(1))

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.features("features", layers: 1)]
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    CallLog.note("perceptor", inputs["image"], context)
    return ["features": inputs["image"] * weight.value]
  }
}

/// The game on matching and mismatched pairs, with plain means.
struct TinyGame: AdversarialLoss {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static var discriminatorJudgements: [JudgementKind] { [.real, .fake, .mismatched] }

  func discriminatorLoss(_ judgements: Judgements) -> Tensor {
    let means = [JudgementKind.real, .fake, .mismatched].map { judgements[$0].logits[0].mean() }
    return means[1] + means[2] - means[0]
  }

  func generatorLoss(_ judgements: Judgements) -> Tensor { -judgements[.fake].logits[0].mean() }
}

/// The slope of the verdict on real images.
struct TinyPenalty: Regularizer {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ critic: Critic, _ inputs: Values, in context: CallContext) -> Tensor {
    CallLog.note("penalty")
    let image = critic.real.variable()
    let slope = gradients(
      of: critic(image, critic.condition).logits[0].sum(), at: [image], differentiable: true)[0]
    return slope?.square().sum() ?? Tensor(0)
  }
}

/// Distance of the encoder's mean from z.
struct TinyRegression: Loss {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [Port("estimate", .posterior), .latent("z")]
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    (inputs["estimate.mean"] - inputs["z"]).square().mean()
  }
}

/// Distance of two latents; notes how they differ.
struct TinyDifference: Loss {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [
      .latent("first"), .latent("second"), .image("firstImage", role: .generated),
      .image("secondImage", role: .generated),
    ]
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let z = (inputs["first"] - inputs["second"]).abs()
    let images = (inputs["firstImage"] - inputs["secondImage"]).abs().mean(axes: [1, 2, 3])
    CallLog.note(
      z.scalars().allSatisfy { $0 > 0 } ? "latents differ" : "latents are the same")
    CallLog.note(
      zip(images.scalars(), z.scalars()).allSatisfy { abs($0 * 50 - $1) < 0.01 }
        ? "images are of these latents" : "images are of others")
    return images.mean()
  }
}

/// Distance of the generated from the real image as a perceptor sees them.
struct TinyPerceptual: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The perceptor.", slot: .perceptor)
    var network = ComponentReference("perceptors.eye")
    @Hyperparameter("Whether both images are real, for training the perceptor.")
    var isPlain = false
  }

  let network: any Perceptor

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    network = try context.build(hyperparameters.network, as: (any Perceptor).self)
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: hyperparameters.isPlain ? .target : .generated)]
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    network(["image": inputs["image"]], in: context)["features"].square().mean() / 100
  }
}
