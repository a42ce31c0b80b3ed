import PluginAPI
import TestSupport

/// The U-Net against the patch discriminator, on one batch.
struct TranslationStep {
  private let generator: any Generator & Importable
  private let discriminator: any Discriminator & Importable
  private var generatorAdam: AdamSteps
  private var discriminatorAdam: AdamSteps
  private let condition: Tensor
  private let target: Tensor
  private var count = 0

  /// Builds the networks in the sizes the file has, with its weights.
  init(file: String, dropout: Double) throws {
    let weights = try StepWeights(file: file)
    condition = try weights.images("condition")
    target = try weights.images("target")
    let side = target.shape[1]
    let width = Setting.number(Double(try weights("D.model.0.weight").shape[0]))
    let image = Port.image("image", side: side)
    let picture = Port.image("condition", side: side, role: .source)
    let plugin = try PluginUnderTest("SemanticCGAN")
    generator = try plugin.build(
      "unet", ["condition": "image", "width": width, "dropout": .number(dropout)],
      bound: [picture], image: image, as: (any Generator & Importable).self)
    discriminator = try plugin.build(
      "patchgan", ["condition": "image", "width": width], bound: [picture, image], image: image,
      as: (any Discriminator & Importable).self)
    try weights.load(into: generator, prefix: "G", named: generator.publishedNames)
    try weights.load(into: discriminator, prefix: "D", named: discriminator.publishedNames)
    generatorAdam = try AdamSteps(weights, rate: 0, beta1: 0.5, beta2: 0.999)
    discriminatorAdam = try AdamSteps(weights, rate: 1, beta1: 0.5, beta2: 0.999)
  }

  /// One step: D, then G on the same fake.
  mutating func run() -> [String: Float] {
    count += 1
    let context = CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "step", step: count)
    let fake = generator(["condition": condition], in: context)["image"]

    let onFake = judge(fake.detached(), in: context)
    let onReal = judge(target, in: context)
    let loss = (onFake.softplus().mean() + (-onReal).softplus().mean()) * 0.5
    discriminatorAdam.step(discriminator, loss: loss)

    let adversarial = (-judge(fake, in: context)).softplus().mean()
    let distance = (fake - target).abs().mean()
    generatorAdam.step(generator, loss: adversarial + 100 * distance)
    return [
      "discriminator": loss.item(), "adversarial": adversarial.item(), "l1": distance.item(),
    ]
  }

  private func judge(_ image: Tensor, in context: CallContext) -> Tensor {
    discriminator(["condition": condition, "image": image], in: context)["logits"]
  }
}
