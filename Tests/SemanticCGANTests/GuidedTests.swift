import PluginAPI
import TestSupport
import Testing

@Suite("Semantic guidance against PyTorch")
struct GuidedTests {
  private let networkTolerance: Float = 1e-4
  private let lossTolerance: Float = 1e-5
  private let classes = 4

  private func guided(_ backbone: Setting) throws -> any Discriminator & Importable {
    try PluginUnderTest("SemanticCGAN").build(
      "guided", ["backbone": backbone],
      bound: [
        .image("image", height: 48, width: 64), .labelMap("labels", classes: classes),
        .classPlanes("condition", classes: classes),
      ], as: (any Discriminator & Importable).self)
  }

  private func classWeighted(_ settings: Setting = [:]) throws -> any AdversarialLoss {
    try PluginUnderTest("SemanticCGAN").build(
      "class-weighted", settings, bound: [.labelMap("labels", classes: classes)],
      as: (any AdversarialLoss).self)
  }

  @Test("Verdicts, the class-weighted game, every gradient and inference agree")
  func guidedDiscriminator() throws {
    let file = try Fixture.load("semantic_cgan")
    let network = try guided(["use": "semantic-cgan/patchgan", "with": ["width": 1]])
    let weights = try PublishedWeights(network, network.publishedNames, file, "guided")
    let labels = enlarged(try file.tensor("guided/labels").expandedDims(3)).squeezed(3)
    let condition = labels.oneHot(classes: classes)
    let small = try file.tensor("guided/fake").variable()
    let (fake, real) = (enlarged(small), enlarged(try file.tensor("guided/real")))
    func judge(_ image: Tensor, training: Bool) -> Values {
      network(
        ["image": image, "condition": condition, "labels": labels],
        in: context(training: training))
    }
    let onFake = judge(fake, training: true)
    let onReal = judge(real, training: true)
    for (name, values) in [("fake", onFake), ("real", onReal)] {
      expectClose(
        values["logits"], try file.tensor("guided/logits.\(name)"), tolerance: networkTolerance,
        of: "guided")
    }
    let judgements = Judgements(
      [.fake: Judgement(onFake), .real: Judgement(onReal)], inputs: ["labels": labels])
    let game = try classWeighted(["discriminatorWeight": 0.5])
    let discriminatorLoss = game.discriminatorLoss(judgements)
    expectClose(
      discriminatorLoss, try file.tensor("guided/D"), tolerance: lossTolerance, of: "class-weighted"
    )
    try weights.expectGradients(
      gradients(of: discriminatorLoss, at: weights.values), tolerance: networkTolerance)
    let generatorLoss = game.generatorLoss(judgements)
    expectClose(
      generatorLoss, try file.tensor("guided/G"), tolerance: lossTolerance, of: "class-weighted")
    expectClose(
      try #require(gradients(of: generatorLoss, at: [small])[0]),
      try file.tensor("guided/gradient.fake"), tolerance: networkTolerance, "gradient fake",
      of: "guided")
    try weights.expectBuffers(tolerance: networkTolerance)
    expectClose(
      judge(fake, training: false)["logits"], try file.tensor("guided/eval"),
      tolerance: networkTolerance, of: "guided")
  }

  private func enlarged(_ image: Tensor) -> Tensor { upsampleNearest(image, factor: 4) }

  @Test(
    "Each form of the class-weighted game agrees, over two scales",
    arguments: ["bce", "ls", "hinge"],
    [("class", 1), ("class", 0.05), ("area", 1)] as [(String, Double)])
  func forms(form: String, balance: (name: String, alpha: Double)) throws {
    let file = try Fixture.load("semantic_cgan")
    let labels = enlarged(try file.tensor("guided/labels").expandedDims(3)).squeezed(3)
    let fake = try (0..<2).map { try file.tensor("losses/fake.\($0)").variable() }
    let real = try (0..<2).map { try file.tensor("losses/real.\($0)") }
    func judgement(_ maps: [Tensor]) -> Judgement {
      var values = Values()
      values.set("logits", maps)
      return Judgement(values)
    }
    let game = try classWeighted([
      "form": .string(form), "balance": .string(balance.name), "alpha": .number(balance.alpha),
    ])
    let judgements = Judgements(
      [.fake: judgement(fake), .real: judgement(real)], inputs: ["labels": labels])
    let losses = (game.discriminatorLoss(judgements), game.generatorLoss(judgements))
    let alpha = balance.alpha == 1 ? "1.0" : "0.05"
    let key = "losses/\(form).\(balance.name).\(alpha)"
    expectClose(
      .stacked([losses.0, losses.1], axis: 0), try file.tensor(key), tolerance: lossTolerance,
      of: "class-weighted \(form)")
    for (side, loss) in [("D", losses.0), ("G", losses.1)] {
      for (scale, gradient) in gradients(of: loss, at: fake).enumerated() {
        expectClose(
          try #require(gradient), try file.tensor("\(key).\(side).\(scale)"),
          tolerance: lossTolerance, "gradient \(side)", of: "class-weighted \(form)")
      }
    }
  }

  @Test("A discriminator of one verdict is judged exactly as by the plain loss")
  func plain() throws {
    let plain = try PluginUnderTest("Essentials").build(
      "bce", ["discriminatorWeight": 0.5], as: (any AdversarialLoss).self)
    let guided = try classWeighted(["discriminatorWeight": 0.5])
    let verdicts = (
      fixedNumbers([2, 5, 6, 1], stream: "a"), fixedNumbers([2, 5, 6, 1], stream: "b")
    )
    let judgements = Judgements(
      [.real: Judgement(["logits": verdicts.0]), .fake: Judgement(["logits": verdicts.1])],
      inputs: ["labels": .zeros([2, 8, 8])])
    #expect(
      guided.discriminatorLoss(judgements).item() == plain.discriminatorLoss(judgements).item())
    #expect(guided.generatorLoss(judgements).item() == plain.generatorLoss(judgements).item())
  }

  @Test("The coarse verdict with the weight K + 1 is that of the plain network and loss")
  func coarse() throws {
    let plugin = try PluginUnderTest("SemanticCGAN")
    let guided = try guided(["use": "semantic-cgan/patchgan", "with": ["width": 2]])
    let plain = try plugin.build(
      "patchgan", ["width": 2],
      bound: [
        .image("image", height: 48, width: 64), .classPlanes("condition", classes: classes),
      ], as: (any Discriminator & Importable).self)
    guided.initialize(seed: 1, prefix: "d")
    plain.initialize(seed: 2, prefix: "d")
    // Of the guided head a published network has the last row.
    let own = Dictionary(
      uniqueKeysWithValues: guided.publishedNames.map { ($0.value, $0.key) })
    let parameters = Dictionary(
      uniqueKeysWithValues: guided.namedParameters.map { ($0.path, $0.parameter) })
    for (path, parameter) in plain.namedParameters {
      let name = try #require(plain.publishedNames[path])
      let place = try #require(own[name])
      let guided = try #require(parameters[place])
      let kept = guided.shape[0] - parameter.shape[0]
      #expect(kept == (name.hasPrefix("model.11.") ? classes : 0))
      guided.value =
        kept == 0
        ? parameter.value
        : .concatenated(
          [guided.value.sliced(axis: 0, from: 0, to: kept), parameter.value], axis: 0)
    }
    let labels = Tensor.zeros([1, 48, 64])
    let inputs: Values = [
      "image": fixedNumbers([1, 48, 64, 3]), "labels": labels,
      "condition": labels.oneHot(classes: classes),
    ]
    let all = guided(inputs, in: context(training: true))["logits"]
    #expect(all.shape[3] == classes + 1)
    let coarse = all.sliced(axis: 3, from: classes, to: classes + 1)
    let expected = plain(inputs, in: context(training: true))["logits"]
    #expect(coarse.scalars() == expected.scalars())
    // alpha 0 leaves the coarse verdict alone.
    let game = try classWeighted(["alpha": 0])
    let judged = Judgements([.fake: Judgement(["logits": all])], inputs: ["labels": labels])
    let value = Float(classes + 1) * game.generatorLoss(judged).item()
    let plainValue = (-expected).softplus().mean().item()
    #expect(abs(value - plainValue) < lossTolerance * plainValue)
  }

  @Test(
    "Every network of patches gives a verdict a class and one of the whole",
    arguments: [
      ("semantic-cgan/patchgan", ["width": 1, "layers": 1]),
      ("semantic-cgan/multiscale", ["width": 1, "norm": "spectral"]),
      ("deformable-gan/discriminator", ["width": 1, "kind": "call"]),
      ("smis/multiscale", ["width": 1]), ("bicyclegan/multiscale", ["width": 8]),
      ("bicyclegan/multiscale", ["width": 8, "isConditional": true]),
    ] as [(String, [String: Setting])])
  func backbones(use: String, settings: [String: Setting]) throws {
    let poses = Port.map("poses", .poseMaps, classes: classes, side: 48, role: .target)
    let image = Port.image("image", side: 48)
    let ports = [
      image, poses, poses.named("targetPose"), poses.named("sourcePose"), image.named("source"),
      .classPlanes("condition", classes: classes, side: 48),
      .labelMap("labels", classes: classes, side: 48),
    ]
    let network = try PluginUnderTest("SemanticCGAN").build(
      "guided",
      ["guide": "poses", "backbone": ["use": .string(use), "with": .object(settings)]],
      bound: ports, image: image,
      with: try ["DeformableGAN", "SMIS", "BicycleGAN"].map { try PluginUnderTest($0) },
      as: (any Discriminator & Importable).self)
    network.initialize(seed: 1, prefix: "d")
    let maps = ports.map { ($0.name, fixedNumbers([1, 48, 48, $0.kind == .image ? 3 : classes])) }
    var inputs = Values(Dictionary(uniqueKeysWithValues: maps))
    inputs["labels"] = HashedNumbers.labels("labels", 1, 48, 48, classes: classes)
    let judged = network(inputs, in: context(training: true))
    let game = try PluginUnderTest("SemanticCGAN").build(
      "class-weighted", ["guide": "poses"], bound: [poses], as: (any AdversarialLoss).self)
    #expect(judged.list("logits").allSatisfy { $0.shape[3] == classes + 1 })
    let loss = game.generatorLoss(
      Judgements([.fake: Judgement(judged)], inputs: ["poses": inputs["poses"].square()]))
    let weights = network.namedParameters
    for ((path, _), gradient) in zip(
      weights, gradients(of: loss, at: weights.map(\.parameter.value)))
    {
      #expect(gradient?.scalars().allSatisfy(\.isFinite) == true, "\(use) \(path)")
    }
  }

  @Test("A backbone without the setting verdicts is refused")
  func backboneWithoutVerdicts() throws {
    #expect(throws: (any Error).self) { try guided(["use": "semantic-cgan/unet"]) }
  }

  @Test("The distance through a segmenter, and its gradient")
  func perceptual() throws {
    let file = try Fixture.load("semantic_cgan")
    let loss = try PluginUnderTest("SemanticCGAN").build(
      "semantic-perceptual",
      ["network": ["use": "perceptors/segmenter", "with": ["classes": 5, "width": 4]]],
      bound: [
        .image("generated", height: 16, width: 24), .image("target", height: 16, width: 24),
      ], with: [try PluginUnderTest("Perceptors")], as: (any Loss).self)
    let names = Dictionary(
      uniqueKeysWithValues: (loss.namedParameters.map(\.path) + loss.namedBuffers.map(\.path)).map {
        ($0, String($0.dropFirst("network.".count)))
      })
    _ = try PublishedWeights(loss, names, file, "perceptual")
    let fake = try file.tensor("perceptual/fake").variable()
    let value = loss(
      ["generated": fake, "target": try file.tensor("perceptual/real")],
      in: context(training: false))
    expectClose(
      value, try file.tensor("perceptual/loss"), tolerance: lossTolerance,
      of: "semantic-perceptual")
    expectClose(
      try #require(gradients(of: value, at: [fake])[0]),
      try file.tensor("perceptual/gradient"), tolerance: networkTolerance, "gradient fake",
      of: "semantic-perceptual")
  }
}
