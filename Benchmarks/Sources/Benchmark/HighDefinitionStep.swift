import PluginAPI
import TestSupport

/// pix2pixHD's global generator, which sees labels and edges: one image made, then G, then D.
struct HighDefinitionStep {
  private let generator: any Generator & Importable
  private let discriminator: any Discriminator & Importable
  private let losses: PaperLosses
  private var generatorAdam: AdamSteps
  private var discriminatorAdam: AdamSteps
  private let image: Tensor
  private let labels: Tensor
  private let edges: Tensor
  private let classes: Int
  private var count = 0

  /// Builds the networks in the sizes the file has, with its weights.
  init(file: String) throws {
    let weights = try StepWeights(file: file)
    image = try weights.images("image")
    labels = try weights("labels")
    edges = try weights.images("edges")
    let (height, width) = (image.shape[1], image.shape[2])
    let first = try weights("G.model.1.weight").shape  // [width, classes + 1, 7, 7]
    classes = first[1] - 1
    let picture = Port.image("image", height: height, width: width)
    let maps = [
      Port.map("condition", .classPlanes, classes: classes, height: height, width: width),
      .map("edges", .edges, height: height, width: width),
    ]
    let plugin = try PluginUnderTest("SemanticCGAN")
    generator = try plugin.build(
      "resnet",
      [
        "width": .number(Double(first[0])), "halvings": 4, "norm": "instance",
        "condition": "labelsAndEdges",
      ], bound: maps, image: picture, as: (any Generator & Importable).self)
    discriminator = try plugin.build(
      "multiscale",
      [
        "width": .number(Double(try weights("D.scale1_layer0.0.weight").shape[0])),
        "condition": "labelsAndEdges",
      ], bound: maps + [picture], image: picture, as: (any Discriminator & Importable).self)
    try weights.load(into: generator, prefix: "G", named: generator.publishedNames)
    try weights.load(into: discriminator, prefix: "D", named: discriminator.publishedNames)
    losses = try PaperLosses("least-squares", ["scales": "sum", "discriminatorWeight": 0.5])
    generatorAdam = try AdamSteps(weights, rate: 0, beta1: 0.5, beta2: 0.999)
    discriminatorAdam = try AdamSteps(weights, rate: 1, beta1: 0.5, beta2: 0.999)
  }

  /// One step; what D says of the real image serves both updates.
  mutating func run() -> [String: Float] {
    count += 1
    let context = CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "step", step: count)
    let condition: Values = ["condition": labels.oneHot(classes: classes), "edges": edges]
    let made = generator(condition, in: context)["image"]
    let real = judged(image, condition, in: context)
    var (total, terms) = losses.generator(
      fake: judged(made, condition, in: context), real: real, in: context)
    generatorAdam.step(generator, loss: total)

    total = losses.discriminator(fake: judged(made.detached(), condition, in: context), real: real)
    terms["discriminator"] = total.item()
    discriminatorAdam.step(discriminator, loss: total)
    return terms
  }

  private func judged(
    _ image: Tensor, _ condition: Values, in context: CallContext
  ) -> Values {
    discriminator(condition.merging(["image": image]), in: context)
  }
}
