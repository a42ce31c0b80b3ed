import PluginAPI
import TestSupport
import Testing

@Suite("U-Net and PatchGAN against PyTorch, over two training steps")
struct Pix2PixStepTests {
  private let tolerance: Float = 1e-4
  /// What comparisons are noted under, by the fixture's prefixes.
  private static let subjects = ["G": "unet", "D": "patchgan"]
  private static let step = "pix2pix, a whole step"

  @Test("Outputs, losses, every gradient, the update and inference agree")
  func steps() throws {
    let fixture = try Pix2PixFixture()
    let adam = (generator: TestAdam(), discriminator: TestAdam())
    let before = (values(fixture.generator), values(fixture.discriminator))

    let first = try step(fixture, adam)
    expectClose(
      thinned(first.fake), try fixture.file.tensor("fake"), tolerance: tolerance, of: "unet")
    for (name, logits) in first.logits {
      expectClose(
        logits, try fixture.file.tensor("logits.\(name)"), tolerance: tolerance,
        of: "patchgan")
    }
    expectClose(
      first.losses, try fixture.file.tensor("losses.0"), tolerance: tolerance, of: Self.step)
    try compare(fixture, "G", fixture.generator, first.generatorGradients, before.0)
    try compare(fixture, "D", fixture.discriminator, first.discriminatorGradients, before.1)

    let second = try step(fixture, adam)
    expectClose(
      second.losses, try fixture.file.tensor("losses.1"), tolerance: tolerance, of: Self.step)
    for (prefix, network) in [
      ("G", fixture.generator as any Importable), ("D", fixture.discriminator),
    ] {
      for (path, buffer) in network.namedBuffers {
        let name = try #require(network.publishedNames[path])
        expectClose(
          buffer.value, try fixture.file.tensor("\(prefix).\(name)"), tolerance: tolerance, name,
          of: Self.subjects[prefix])
      }
    }
    let inference = try fixture.context(training: false)
    let fake = fixture.generate(in: inference)
    expectClose(
      thinned(fake), try fixture.file.tensor("eval.fake"), tolerance: tolerance, of: "unet")
    expectClose(
      fixture.judge(fake, in: inference), try fixture.file.tensor("eval.logits"),
      tolerance: tolerance, of: "patchgan")
  }

  private struct Step {
    var fake: Tensor
    var logits: [(String, Tensor)]
    var losses: Tensor
    var generatorGradients: [Tensor]
    var discriminatorGradients: [Tensor]
  }

  /// The published step: D first, then G on the same fake.
  private func step(
    _ fixture: Pix2PixFixture, _ adam: (generator: TestAdam, discriminator: TestAdam)
  ) throws -> Step {
    let context = try fixture.context(training: true)
    let fake = fixture.generate(in: context)

    let onFake = fixture.judge(fake.detached(), in: context)
    let onReal = fixture.judge(fixture.target, in: context)
    let discriminatorLoss = (crossEntropy(onFake, 0) + crossEntropy(onReal, 1)) * 0.5
    let weights = fixture.discriminator.namedParameters.map(\.parameter)
    let discriminatorGradients = gradients(of: discriminatorLoss, at: weights.map(\.value))
      .compactMap { $0?.evaluated() }
    adam.discriminator.update(weights, discriminatorGradients)

    let updated = fixture.judge(fake, in: context)
    let adversarial = crossEntropy(updated, 1)
    let distance = (fake - fixture.target).abs().mean()
    let generatorWeights = fixture.generator.namedParameters.map(\.parameter)
    let generatorGradients = gradients(
      of: adversarial + 100 * distance, at: generatorWeights.map(\.value)
    ).compactMap { $0?.evaluated() }
    adam.generator.update(generatorWeights, generatorGradients)
    return Step(
      fake: fake, logits: [("fake", onFake), ("real", onReal), ("updated", updated)],
      losses: .stacked([discriminatorLoss, adversarial, distance], axis: 0),
      generatorGradients: generatorGradients, discriminatorGradients: discriminatorGradients)
  }

  private func values(_ network: any Importable) -> [Tensor] {
    network.namedParameters.map(\.parameter.value)
  }

  private func compare(
    _ fixture: Pix2PixFixture, _ prefix: String, _ network: any Importable,
    _ gradients: [Tensor], _ before: [Tensor]
  ) throws {
    let parameters = network.namedParameters
    try #require(gradients.count == parameters.count)
    for (index, (path, parameter)) in parameters.enumerated() {
      let name = try #require(network.publishedNames[path])
      expectClose(
        gradients[index], try fixture.file.tensor("\(prefix).gradient.\(name)"),
        tolerance: tolerance, "gradient \(prefix).\(name)", of: Self.subjects[prefix])
      // Where a gradient is nearly zero, rounding decides the direction of Adam's first step.
      let change = parameter.value - before[index]
      expectClose(
        change.norm(),
        try fixture.file.tensor("\(prefix).change.\(name)").sliced(axis: 0, from: 1, to: 2)
          .reshaped([]),
        tolerance: 1e-2, "\(prefix).\(name)", of: Self.step)
    }
  }

  @Test("Networks of width 64 have the published numbers of parameters")
  func parameterCounts() throws {
    let plugin = try PluginUnderTest("SemanticCGAN")
    let image = Port.image("image", side: 256)
    let picture = Port.image("condition", side: 256, role: .source)
    let generator = try plugin.build(
      "unet", ["condition": "image"], bound: [picture], image: image, as: (any Generator).self)
    let discriminator = try plugin.build(
      "patchgan", ["condition": "image"], bound: [picture, image], image: image,
      as: (any Discriminator).self)
    #expect(generator.parameterCount == 54_413_955)
    #expect(discriminator.parameterCount == 2_768_705)
  }

  @Test("Every weight has a published name", arguments: ["batch", "instance"])
  func publishedNames(norm: String) throws {
    let plugin = try PluginUnderTest("SemanticCGAN")
    let image = Port.image("image", side: 128)
    let labels = Port.classPlanes("condition", classes: 12, side: 128)
    let generator = try plugin.build(
      "unet", ["norm": .string(norm), "width": 1], bound: [labels], image: image,
      as: (any Generator & Importable).self)
    #expect(
      Set(generator.publishedNames.keys)
        == Set(generator.namedParameters.map(\.path) + generator.namedBuffers.map(\.path)))
    let pixel = try plugin.build(
      "patchgan", ["norm": .string(norm), "layers": 0], bound: [labels, image], image: image,
      as: (any Discriminator & Importable).self)
    #expect(
      Set(pixel.publishedNames.keys)
        == Set(pixel.namedParameters.map(\.path) + pixel.namedBuffers.map(\.path)))
    #expect(pixel.publishedNames["patches.head.weight"] == "net.5.weight")
  }

  @Test(
    "Logit maps have the size the number of layers gives",
    arguments: [(0, 64), (1, 30), (2, 14), (3, 6), (4, 2)])
  func sizes(layers: Int, side: Int) throws {
    let plugin = try PluginUnderTest("SemanticCGAN")
    let image = Port.image("image", side: 64)
    let discriminator = try plugin.build(
      "patchgan", ["layers": .number(Double(layers)), "condition": .null, "width": 2],
      bound: [image], image: image, as: (any Discriminator).self)
    discriminator.initialize(seed: 1, prefix: "d")
    let context = CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "d", step: 0)
    let values = discriminator(["image": .zeros([2, 64, 64, 3])], in: context)
    #expect(values["logits"].shape == [2, side, side, 1])
    #expect(values.list("features").count == max(layers, 1) + 1)
  }
}
