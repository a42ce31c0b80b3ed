import PluginAPI
import TestSupport
import Testing

@Suite("pix2pixHD's networks against PyTorch")
struct HighDefinitionTests {
  private let tolerance: Float = 1e-4
  private let image = Port.image("image", height: 16, width: 32)

  private var condition: [Port] {
    [
      .map("condition", .classPlanes, classes: 3, height: 16, width: 32),
      .map("edges", .edges, height: 16, width: 32),
      .latentMap("features", height: 16, width: 32, channels: 2),
    ]
  }

  /// Compares outputs and the gradients of their sum with fixed numbers, at inputs and weights.
  ///
  /// Norms are of each sample: in evaluation the outputs are those of training, there too.
  private func compare(
    _ prefix: String, _ network: any Importable, _ names: [String], more: Values = [:],
    of subject: String, outputs: (Values, CallContext) -> [Tensor]
  ) throws {
    let file = try Fixture.load("high_definition")
    let weights = try PublishedWeights(network, network.publishedNames, file, prefix, of: subject)
    let inputs = try names.map { ($0, try file.tensor("\(prefix)/\($0)").variable()) }
    let values = Values(Dictionary(uniqueKeysWithValues: inputs)).merging(more)
    let found = outputs(values, context(training: true))
    let judged = outputs(values, context(training: false))
    var total = Tensor(0)
    for (index, output) in found.enumerated() {
      let expected = try file.tensor("\(prefix)/output.\(index)")
      expectClose(output, expected, tolerance: tolerance, of: subject)
      expectClose(judged[index], expected, tolerance: tolerance, "evaluation", of: subject)
      total = total + (output * (try file.tensor("\(prefix)/cotangent.\(index)"))).sum()
    }
    let all = gradients(of: total, at: inputs.map(\.1) + weights.values)
    for ((name, _), gradient) in zip(inputs, all) {
      expectClose(
        try #require(gradient), try file.tensor("\(prefix)/gradient.\(name)"),
        tolerance: tolerance, "gradient \(name)", of: subject)
    }
    try weights.expectGradients(Array(all.dropFirst(inputs.count)), tolerance: tolerance)
  }

  @Test("The local enhancer on labels, edges and features, over two enhancers")
  func localEnhancer() throws {
    let generator = try PluginUnderTest("SemanticCGAN").build(
      "local-enhancer",
      [
        "width": 1, "enhancers": 2, "halvings": 1, "blocks": 1, "localBlocks": 1, "features": 2,
        "condition": "labelsAndEdges",
      ], bound: condition, image: image, as: (any Generator & Importable).self)
    try compare(
      "enhancer", generator, ["condition", "edges", "features"], of: "local-enhancer"
    ) { [generator($0, in: $1)["image"]] }
  }

  @Test("The discriminator of two scales, every layer of both")
  func multiscale() throws {
    let discriminator = try PluginUnderTest("SemanticCGAN").build(
      "multiscale", ["width": 1], bound: [condition[0], image], image: image,
      as: (any Discriminator & Importable).self)
    try compare("multiscale", discriminator, ["condition", "image"], of: "multiscale") {
      let values = discriminator($0, in: $1)
      return zip(values.scales("features"), values.list("logits")).flatMap { layers, logits in
        layers + [logits]
      }
    }
  }

  @Test("Features averaged over the instances of each sample")
  func instanceFeatures() throws {
    let encoder = try PluginUnderTest("SemanticCGAN").build(
      "instance-features", ["width": 2, "halvings": 2, "channels": 2],
      bound: [image, .map("instances", .instanceMap, height: 16, width: 32)], image: image,
      as: (any Encoder & Importable).self)
    let instances = try Fixture.load("high_definition").tensor("features/instances")
    try compare(
      "features", encoder, ["image"], more: ["instances": instances], of: "instance-features"
    ) { [encoder($0, in: $1)["features"]] }
  }

  @Test("The published networks have the published names, and every weight has one")
  func published() throws {
    let plugin = try PluginUnderTest("SemanticCGAN")
    let large = Port.image("image", height: 512, width: 1024)
    let labels = [
      Port.map("condition", .classPlanes, classes: 35, height: 512, width: 1024),
      .map("edges", .edges, height: 512, width: 1024),
    ]
    let global = try plugin.build(
      "resnet", ["halvings": 4, "norm": "instance", "condition": "labelsAndEdges"], bound: labels,
      image: large, as: (any Generator & Importable).self)
    #expect(global.parameterCount == 182_546_755)
    for name in [1, 4, 7, 10, 13, 25, 28, 31, 34, 38].map({ "model.\($0).weight" })
      + (16...24).map({ "model.\($0).conv_block.5.bias" })
    {
      #expect(global.publishedNames.values.contains(name), "\(name)")
    }
    let local = try plugin.build(
      "local-enhancer", ["condition": "labelsAndEdges"], bound: labels, image: large,
      as: (any Generator & Importable).self)
    let own = global.publishedNames.values.filter { !$0.hasPrefix("model.38.") }
    let names = Set(local.publishedNames.values)
    #expect(names.isSuperset(of: own))
    #expect(
      names.subtracting(own)
        == Set(
          [
            "model1_1.1", "model1_1.4", "model1_2.3", "model1_2.7", "model1_2.0.conv_block.1",
            "model1_2.0.conv_block.5", "model1_2.1.conv_block.1", "model1_2.1.conv_block.5",
            "model1_2.2.conv_block.1", "model1_2.2.conv_block.5",
          ].flatMap { ["\($0).weight", "\($0).bias"] }))
    #expect(Set(local.publishedNames.keys) == Set(local.namedParameters.map(\.path)))
    let discriminator = try plugin.build(
      "multiscale", ["scales": 3, "condition": "labelsAndEdges"], bound: labels + [large],
      image: large, as: (any Discriminator & Importable).self)
    let two = try plugin.build(
      "multiscale", ["condition": "labelsAndEdges"], bound: labels + [large], image: large,
      as: (any Discriminator).self)
    // 896 biases a scale more than the 5,601,410 of arXiv:1903.07291, which has none before its norms.
    #expect(two.parameterCount == 5_603_202)
    #expect(discriminator.publishedNames["scales.0.steps.1.conv.bias"] == "scale2_layer1.0.bias")
    #expect(discriminator.publishedNames["scales.2.head.weight"] == "scale0_layer4.0.weight")
  }

  @Test("Images that cannot be halved so often are refused")
  func refusal() throws {
    let image = Port.image("image", side: 48)
    let error = #expect(throws: ConfigurationError.self) {
      try PluginUnderTest("SemanticCGAN").build(
        "local-enhancer", bound: [.classPlanes("condition", classes: 3, side: 48)], image: image,
        as: (any Generator).self)
    }
    #expect(error?.message.contains("48x48 images cannot be halved 5 times") == true)
  }
}
