import PluginAPI
import TestSupport

/// GroupDNet and SPADE: G with its encoder, where there is one, then D on images made anew.
///
/// D sees generated and real images in one batch. Noise comes from the file, a draw for each time that images are made.
struct LabelMapStep {
  private let encoder: (any Encoder & Importable)?
  private let generator: any Generator & Importable
  private let discriminator: any Discriminator & Importable
  private let losses: PaperLosses
  private let divergence: any Loss
  private var generatorAdam: AdamSteps
  private var discriminatorAdam: AdamSteps
  private let image: Tensor
  private let labels: Tensor
  private let noise: [Tensor]
  private var generations = 0
  private static let divergenceWeight: Float = 0.05

  /// Builds the networks in the sizes the file has, with its weights.
  ///
  /// - Parameters:
  ///   - file: what `labelmaps.py create` has written.
  ///   - name: the generator's; `groupdnet` has an encoder, `spade` begins with the labels.
  /// - Throws: what keeps the file from being read or a network from being built.
  init(file: String, generator name: String) throws {
    let weights = try StepWeights(file: file)
    image = try weights.images("image")
    labels = try weights("labels")
    let (height, width) = (image.shape[1], image.shape[2])
    // [width, classes + 3, 4, 4]
    let first = try weights("D.discriminator_0.model0.0.weight").shape
    let classes = first[1] - image.shape[3]
    let picture = Port.image("image", height: height, width: width)
    let map = Port.map("labels", .labelMap, classes: classes, height: height, width: width)
    let plugin = try PluginUnderTest("SMIS")
    var settings: [String: Setting] = [
      "width": .number(Double(try weights("G.conv_img.weight").shape[1]))
    ]
    var bound = [map]
    if name == "groupdnet" {
      let draws = try weights("noise").permuted([0, 1, 3, 4, 2])  // [draws, N, h, w, channels]
      let shape = Array(draws.shape.dropFirst())
      noise = (0..<draws.shape[0]).map {
        draws.sliced(axis: 0, from: $0, to: $0 + 1).reshaped(shape).evaluated()
      }
      bound.append(
        .latentMap("z", height: shape[1], width: shape[2], channels: shape[3], groups: classes))
      let channels = try weights("E.layer1.0.weight_orig").shape[0]
      let encoder = try plugin.build(
        "class-split", ["width": .number(Double(channels / classes))], bound: [picture, map],
        image: picture, as: (any Encoder & Importable).self)
      try weights.load(into: encoder, prefix: "E", named: encoder.publishedNames)
      self.encoder = encoder
    } else {
      settings["start"] = "labels"
      noise = []
      encoder = nil
    }
    generator = try plugin.build(
      name, .object(settings), bound: bound, image: picture,
      as: (any Generator & Importable).self)
    discriminator = try plugin.build(
      "multiscale", ["width": .number(Double(first[0]))], bound: [picture, map], image: picture,
      as: (any Discriminator & Importable).self)
    try weights.load(into: generator, prefix: "G", named: generator.publishedNames)
    try weights.load(into: discriminator, prefix: "D", named: discriminator.publishedNames)
    losses = try PaperLosses("hinge")
    divergence = try PluginUnderTest("Essentials").build("kl", as: (any Loss).self)
    generatorAdam = try AdamSteps(weights, rate: 0, beta1: 0, beta2: 0.9)
    discriminatorAdam = try AdamSteps(weights, rate: 1, beta1: 0, beta2: 0.9)
  }

  /// One step.
  mutating func run() -> [String: Float] {
    let terms = updateGenerator()
    return terms.merging(["discriminator": updateDiscriminator()]) { $1 }
  }

  private mutating func updateGenerator() -> [String: Float] {
    let made = generated()
    let (fake, real) = judged(made["image"])
    var (total, terms) = losses.generator(fake: fake, real: real, in: context())
    guard let encoder else {
      generatorAdam.step(generator, loss: total)
      return terms
    }
    let divergence = divergence(made, in: context())
    terms["divergence"] = divergence.item()
    total = total + Self.divergenceWeight * divergence
    generatorAdam.step(generator, encoder, loss: total)
    return terms
  }

  private mutating func updateDiscriminator() -> Float {
    let made = withoutGradient { generated()["image"].detached() }
    let (fake, real) = judged(made)
    let loss = losses.discriminator(fake: fake, real: real)
    let value = loss.item()
    discriminatorAdam.step(discriminator, loss: loss)
    return value
  }

  /// An image for each label map, and the posterior of its codes.
  private mutating func generated() -> Values {
    defer { generations += 1 }
    guard let encoder else { return generator(["labels": labels], in: context()) }
    let context = context(given: ["z": noise[generations % noise.count]])
    let codes = encoder(["image": image, "labels": labels], in: context)
    return generator(["labels": labels, "z": codes["z"]], in: self.context()).merging(codes)
  }

  /// What the discriminator says of generated and of real images.
  private func judged(_ made: Tensor) -> (fake: Values, real: Values) {
    let count = made.shape[0]
    let outputs = discriminator(
      [
        "image": .concatenated([made, image], axis: 0),
        "labels": .concatenated([labels, labels], axis: 0),
      ], in: context())
    return (
      outputs.map { $1.sliced(axis: 0, from: 0, to: count) },
      outputs.map { $1.sliced(axis: 0, from: count, to: 2 * count) }
    )
  }

  private func context(given: [String: Tensor] = [:]) -> CallContext {
    CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "step", step: generations,
      given: given)
  }
}
