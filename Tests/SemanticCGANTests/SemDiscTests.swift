import PluginAPI
import TestSupport
import Testing

@Suite("The discriminator that segments and reconstructs, against PyTorch")
struct SemDiscTests {
  private let networkTolerance: Float = 1e-4
  private let lossTolerance: Float = 1e-5
  private let classes: Setting = [-1, 0, 1, -1, 2]

  private func loss(_ name: String, _ settings: Setting) throws -> any Loss {
    try PluginUnderTest("SemanticCGAN").build(
      name, settings,
      bound: [
        .map("segmentation", .segmentation, classes: 3), .labelMap("labels", classes: 5),
        .image("reconstruction"), .image("target"),
      ], as: (any Loss).self)
  }

  @Test("Heads, losses of both sides, every gradient, singular vectors and inference agree")
  func semDisc() throws {
    let file = try Fixture.load("semantic_cgan")
    let plugin = try PluginUnderTest("SemanticCGAN")
    let network = try plugin.build(
      "sem-disc",
      [
        "classes": 3,
        "backbone": [
          "use": "semantic-cgan/multiscale",
          "with": ["width": 1, "norm": "spectral", "condition": .null],
        ],
      ],
      bound: [.image("image", height: 16, width: 24), .labelMap("labels", classes: 5)],
      as: (any Discriminator & Importable).self)
    let weights = try PublishedWeights(network, network.publishedNames, file, "sem-disc")
    let labels = upsampleNearest(try file.tensor("sem-disc/labels").expandedDims(3), factor: 2)
      .squeezed(3)
    let fake = try file.tensor("sem-disc/fake").variable()
    let real = try file.tensor("sem-disc/real")
    let outputs = network(
      ["image": .concatenated([fake, real], axis: 0)], in: context(training: true))
    for scale in 0..<2 {
      expectClose(
        outputs["logits.\(scale)"], try file.tensor("sem-disc/logits.\(scale)"),
        tolerance: networkTolerance, of: "sem-disc")
    }
    // Of enlarged maps the file has one look.
    for (name, from, to) in [
      ("features.1.2", 0, 4), ("segmentation.1", 2, 4), ("reconstruction.0", 0, 2),
    ] {
      expectClose(
        outputs[name].sliced(axis: 0, from: from, to: to), try file.tensor("sem-disc/\(name)"),
        tolerance: networkTolerance, name, of: "sem-disc")
    }
    func look(_ from: Int) -> Values {
      outputs.map { $1.sliced(axis: 0, from: from, to: from + 2) }
    }
    let judgements = Judgements(
      [.fake: Judgement(look(0)), .real: Judgement(look(2))], inputs: ["labels": labels])
    let game = try plugin.build(
      "class-weighted", ["form": "hinge"], bound: [.labelMap("labels", classes: 5)],
      as: (any AdversarialLoss).self)
    func heads(_ kind: JudgementKind) throws -> [Tensor] {
      let inputs = judgements[kind].outputs.merging(["labels": labels, "target": real])
      let segmentation = try loss(
        "segmentation", ["look": .string(kind.rawValue), "classes": classes])
      let reconstruction = try loss("reconstruction", ["look": .string(kind.rawValue)])
      return [
        segmentation(inputs, in: context(training: false)),
        reconstruction(inputs, in: context(training: false)),
      ]
    }
    let (onReal, onFake) = (try heads(.real), try heads(.fake))
    let discriminatorLoss =
      5 * game.discriminatorLoss(judgements) + onReal[0] + onReal[1]
    let generatorLoss = 5 * game.generatorLoss(judgements) + onFake[0] + onFake[1]
    let losses = try file.tensor("sem-disc/losses")
    for (place, subject, loss) in [
      (0, "sem-disc", discriminatorLoss), (1, "sem-disc", generatorLoss),
      (2, "segmentation", onReal[0]), (3, "reconstruction", onReal[1]),
      (4, "segmentation", onFake[0]), (5, "reconstruction", onFake[1]),
    ] {
      expectClose(
        loss, losses.sliced(axis: 0, from: place, to: place + 1).squeezed(0),
        tolerance: lossTolerance, "loss", of: subject)
    }
    try weights.expectGradients(
      gradients(of: discriminatorLoss, at: weights.values), tolerance: networkTolerance)
    expectClose(
      try #require(gradients(of: generatorLoss, at: [fake])[0]),
      try file.tensor("sem-disc/gradient.fake"), tolerance: networkTolerance, "gradient fake",
      of: "sem-disc")
    try weights.expectBuffers(tolerance: networkTolerance)
    let judged = network(["image": fake], in: context(training: false))
    for scale in 0..<2 {
      let expected = try file.tensor("sem-disc/eval.\(scale)")
      expectClose(
        judged["logits.\(scale)"], expected.sliced(axis: 3, from: 0, to: 6),
        tolerance: networkTolerance, of: "sem-disc")
    }
  }

  @Test(
    "Networks of patches of other plugins give the heads too",
    arguments: [
      ("smis/multiscale", ["width": 1]), ("bicyclegan/multiscale", ["width": 8]),
    ] as [(String, Setting)])
  func backbones(use: String, settings: Setting) throws {
    let network = try PluginUnderTest("SemanticCGAN").build(
      "sem-disc", ["classes": 3, "backbone": ["use": .string(use), "with": settings]],
      bound: [.image("image", side: 48), .labelMap("labels", classes: 5, side: 48)],
      with: try ["SMIS", "BicycleGAN"].map { try PluginUnderTest($0) },
      as: (any Discriminator).self)
    network.initialize(seed: 1, prefix: "d")
    let labels = HashedNumbers.labels("labels", 1, 48, 48, classes: 5)
    let outputs = network(
      ["image": HashedNumbers.tensor("image", [1, 48, 48, 3]), "labels": labels],
      in: context(training: true))
    #expect(outputs.list("logits").map { $0.shape[3] } == [6, 6])
    #expect(outputs.list("segmentation").map(\.shape) == [[1, 48, 48, 3], [1, 48, 48, 3]])
    #expect(outputs.list("reconstruction").map(\.shape) == [[1, 48, 48, 3], [1, 48, 48, 3]])
    let weights = network.namedParameters
    let sum = ["logits", "segmentation", "reconstruction"].flatMap { outputs.list($0) }
      .reduce(Tensor(0)) { $0 + $1.square().mean() }
    for ((path, _), gradient) in zip(
      weights, gradients(of: sum, at: weights.map(\.parameter.value)))
    {
      #expect(gradient?.scalars().allSatisfy(\.isFinite) == true, "\(use) \(path)")
    }
  }

  @Test("Labels and classes that don't fit are refused with both numbers")
  func refusals() throws {
    for (settings, words) in [
      (["classes": [0, 1]], "classes has 2 entries, the label map 5 labels"),
      (["classes": [0, 1, 2, 3, -1]], "the scores are of 3 classes, the labels of 4"),
      ([:], "the scores are of 3 classes, the labels of 5"),
    ] as [(Setting, String)] {
      let error = #expect(throws: ConfigurationError.self) { try loss("segmentation", settings) }
      #expect(error?.message.contains(words) == true)
    }
  }

  @Test("Published names and numbers of parameters of the published discriminators")
  func published() throws {
    let plugin = try PluginUnderTest("SemanticCGAN")
    // 35 labels, edges and RGB: 39 planes.
    let spade = try plugin.build(
      "multiscale", ["norm": "spectral", "condition": "labelsAndEdges"],
      bound: [
        .image("image", side: 256), .classPlanes("condition", classes: 35, side: 256),
        .map("edges", .edges, side: 256),
      ], as: (any Discriminator & Importable).self)
    #expect(spade.parameterCount == 5_601_410)
    let names = Set(spade.publishedNames.values)
    #expect(names.count == 26)
    for name in [
      "discriminator_0.model0.0.weight", "discriminator_1.model1.0.0.weight_orig",
      "discriminator_0.model3.0.0.weight_u", "discriminator_1.model4.0.bias",
    ] {
      #expect(names.contains(name), "\(name)")
    }
    let semDisc = try plugin.build(
      "sem-disc", ["classes": 19],
      bound: [.image("image", side: 256), .labelMap("labels", classes: 35)],
      as: (any Discriminator & Importable).self)
    let heads = semDisc.namedParameters.filter {
      semDisc.publishedNames[$0.path] == "discriminator_0.model4.0.weight"
    }
    #expect(heads.map(\.parameter.shape) == [[58, 512, 4, 4]])
  }
}
