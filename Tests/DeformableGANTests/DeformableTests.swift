import PluginAPI
import TestSupport
import Testing

@Suite("Deformable GAN against PyTorch")
struct DeformableTests {
  private let networkTolerance: Float = 1e-4
  private let lossTolerance: Float = 1e-5

  private func ports(_ height: Int, _ width: Int, poses count: Int = 3) -> [Port] {
    func poses(_ name: String, _ role: Port.Role) -> Port {
      .map(name, .poseMaps, classes: count, height: height, width: width, role: role)
    }
    return [
      .image("source", height: height, width: width, role: .source),
      .image("image", height: height, width: width), poses("sourcePose", .source),
      poses("targetPose", .target), .partTransforms("transforms", parts: 3),
      Port("parts", .partMasks, attributes: ["parts": 3, "height": height, "width": width]),
    ]
  }

  /// The recorded inputs, of which maps are enlarged, and the small ones under their names.
  private func inputs(_ file: Fixture, _ prefix: String) throws -> (small: Values, all: Values) {
    var (small, all) = (Values(), Values())
    for name in ["source", "sourcePose", "targetPose", "image", "parts"] {
      guard let map = try? file.tensor("\(prefix)/\(name)").variable() else { continue }
      small[name] = map
      all[name] = upsampleNearest(map, factor: 2)
    }
    all["transforms"] = try file.tensor("\(prefix)/transforms")
    return (small, all)
  }

  /// Compares an output, and the gradients of its sum with fixed numbers, at weights and inputs.
  ///
  /// Norms are of each sample and nothing is dropped: in evaluation the output is that of training,
  /// there too.
  private func compare(
    _ network: any Importable, _ key: String, _ prefix: String, _ differentiated: [String],
    _ call: (Values, CallContext) -> Tensor
  ) throws {
    let file = try Fixture.load("deformable")
    let subject = "\(prefix == "warps" ? "generator" : prefix) \(key)"
    let name = "\(prefix).\(key)"
    let names = network.publishedNames
    let parameters = network.namedParameters
    #expect(Set(names.keys) == Set(parameters.map(\.path)))
    for (path, parameter) in parameters {
      parameter.value = try file.tensor("\(name).\(try #require(names[path]))")
    }
    let (small, all) = try inputs(file, prefix)
    let output = call(all, context(training: true))
    let expected = try file.tensor("\(name)/output")
    expectClose(output, expected, tolerance: networkTolerance, of: subject)
    expectClose(
      call(all, context(training: false)), expected, tolerance: networkTolerance, "evaluation",
      of: subject)
    let found = gradients(
      of: output, cotangent: try file.tensor("\(name)/cotangent"),
      at: differentiated.map { small[$0] } + parameters.map(\.parameter.value))
    for (input, gradient) in zip(differentiated, found) {
      expectClose(
        try #require(gradient), try file.tensor("\(name)/gradient.\(input)"),
        tolerance: networkTolerance, "gradient \(input)", of: subject)
    }
    for ((path, _), gradient) in zip(parameters, found.dropFirst(differentiated.count)) {
      let published = try #require(names[path])
      expectClose(
        try #require(gradient), try file.tensor("\(name).gradient.\(published)"),
        tolerance: networkTolerance, "gradient \(published)", of: subject)
    }
  }

  @Test(
    "The generator, warped by the greatest part, by the mean and not at all",
    arguments: [
      ("max", ["levels": 5]), ("mean", ["levels": 4, "aggregation": "mean"]),
      ("none", ["levels": 4, "warp": "none"]),
    ] as [(String, [String: Setting])])
  func generator(key: String, settings: [String: Setting]) throws {
    let ports = ports(16, 16)
    let generator = try PluginUnderTest("DeformableGAN").build(
      "generator", .object(settings.merging(["width": 1, "dropout": 0]) { $1 }), bound: ports,
      image: ports[1], as: (any Generator & Importable).self)
    try compare(generator, key, "generator", ["source", "sourcePose", "targetPose"]) {
      generator($0, in: $1)["image"]
    }
  }

  @Test("The generator, warped by one map of the body and by one that it learns")
  func wholeBody() throws {
    let file = try Fixture.load("deformable")
    let points = try file.tensor("warps/keypoints").split(axis: 1, sizes: [1, 1])
      .map { $0.squeezed(1).split(axis: 2, sizes: [1, 1]).map { $0.squeezed(2) } }  // y, x
    let places: Values = [
      "sourcePoints.y": points[0][0], "sourcePoints.x": points[0][1],
      "targetPoints.y": points[1][0], "targetPoints.x": points[1][1],
    ]
    let ports =
      ports(16, 16) + [
        .keypoints("sourcePoints", count: 3, role: .source),
        .keypoints("targetPoints", count: 3, role: .target),
      ]
    for warp in ["full", "stn"] {
      let generator = try PluginUnderTest("DeformableGAN").build(
        "generator", ["warp": .string(warp), "width": 1, "levels": 4, "dropout": 0], bound: ports,
        image: ports[1], as: (any Generator & Importable).self)
      try compare(generator, warp, "warps", ["source", "sourcePose", "targetPose"]) {
        generator($0.merging(places), in: $1)["image"]
      }
    }
  }

  @Test("A learned warp begins with the identity")
  func identity() throws {
    let ports =
      ports(16, 16) + [
        .keypoints("sourcePoints", count: 3, role: .source),
        .keypoints("targetPoints", count: 3, role: .target),
      ]
    let generator = try PluginUnderTest("DeformableGAN").build(
      "generator", ["warp": "stn", "width": 1, "levels": 4], bound: ports, image: ports[1],
      as: (any Generator & Importable).self)
    generator.initialize(seed: 1, prefix: "generator")
    let last = generator.namedParameters.suffix(2).map(\.parameter.value)
    #expect(last[0].scalars().allSatisfy { $0 == 0 })
    #expect(last[1].scalars() == [1, 0, 0, 0, 1, 0])
  }

  @Test("The discriminators", arguments: ["call", "sim", "warp"])
  func discriminator(kind: String) throws {
    let ports = ports(40, 36)
    let discriminator = try PluginUnderTest("DeformableGAN").build(
      "discriminator", ["kind": .string(kind), "width": 1], bound: ports, image: ports[1],
      as: (any Discriminator & Importable).self)
    try compare(discriminator, kind, "discriminator", ["source", "image"]) {
      discriminator($0, in: $1)["logits"]
    }
  }

  @Test("Both networks with the printed norm, each channel by itself")
  func printedNorm() throws {
    let ports = ports(40, 40)
    let plugin = try PluginUnderTest("DeformableGAN")
    let generator = try plugin.build(
      "generator", ["warp": "none", "width": 1, "levels": 4, "dropout": 0, "norm": "instance"],
      bound: ports, image: ports[1], as: (any Generator & Importable).self)
    try compare(generator, "generator", "norms", ["source", "sourcePose", "targetPose"]) {
      generator($0, in: $1)["image"]
    }
    let discriminator = try plugin.build(
      "discriminator", ["width": 1, "norm": "instance"], bound: ports, image: ports[1],
      as: (any Discriminator & Importable).self)
    try compare(discriminator, "discriminator", "norms", ["source", "image"]) {
      discriminator($0, in: $1)["logits"]
    }
  }

  @Test("The game on probabilities, where the discriminator is sure of itself too")
  func logLoss() throws {
    let file = try Fixture.load("deformable")
    let game = try PluginUnderTest("DeformableGAN").build(
      "log-loss", as: (any AdversarialLoss).self)
    let logits = try file.tensor("losses/logits").split(axis: 0, sizes: [1, 1])
      .map { $0.variable() }
    let judgements = Judgements([
      .real: Judgement(["logits": logits[0]]), .fake: Judgement(["logits": logits[1]]),
    ])
    let (d, g) = (game.discriminatorLoss(judgements), game.generatorLoss(judgements))
    expectClose(
      .stacked([d, g], axis: 0), try file.tensor("losses/values"), tolerance: lossTolerance,
      of: "log-loss")
    let found = gradients(of: d, at: logits).compactMap(\.self)
    expectClose(
      .concatenated(found, axis: 0), try file.tensor("losses/D"), tolerance: lossTolerance,
      "gradient D", of: "log-loss")
    expectClose(
      try #require(gradients(of: g, at: [logits[1]])[0]).squeezed(0),
      try file.tensor("losses/G"), tolerance: lossTolerance, "gradient G", of: "log-loss")
  }

  @Test("Gaussians of key points, none where one is missing")
  func poseMaps() throws {
    let file = try Fixture.load("deformable")
    let adapter = try PluginUnderTest("DeformableGAN").build(
      "pose-maps", as: (any Adapter).self)
    let provider = Port(
      "points", .keypoints, attributes: ["count": 3, "height": 12, "width": 8], role: .target)
    let wanted = Port.map("pose", .poseMaps, role: .target)
    let result = try #require(type(of: adapter).adapted(provider, for: wanted))
    #expect(result == .map("pose", .poseMaps, classes: 3, height: 12, width: 8, role: .target))
    #expect(type(of: adapter).adapted(provider, for: .map("pose", .poseMaps, role: .source)) == nil)
    let points = try file.tensor("points").split(axis: 2, sizes: [1, 1]).map { $0.squeezed(2) }
    let values: Values = [
      "points.x": points[0], "points.y": points[1], "points.visible": points[0] .>= 0,
    ]
    expectClose(
      adapter(values, from: provider, to: result)["pose"], try file.tensor("points/maps"),
      tolerance: lossTolerance, of: "pose-maps")
    // Half the size: points are moved along.
    let half = try #require(
      type(of: adapter).adapted(
        provider, for: .map("pose", .poseMaps, height: 6, width: 4, role: .target)))
    let map = adapter(values, from: provider, to: half)["pose"]
    #expect(map.shape == [2, 6, 4, 3])
    #expect(map.reshaped([2, 24, 3]).argmax(axis: 1).scalars()[3] == 20)  // (0, 11) → row 5.5
  }

  @Test("The published networks have the published numbers of layers and sizes")
  func published() throws {
    let plugin = try PluginUnderTest("DeformableGAN")
    let bound = ports(128, 64, poses: 18)
    let generator = try plugin.build(
      "generator", bound: bound, image: bound[1], as: (any Generator & Importable).self)
    #expect(generator.parameterCount == 61_109_085)
    let discriminator = try plugin.build(
      "discriminator", bound: bound, image: bound[1], as: (any Discriminator).self)
    #expect(discriminator.parameterCount == 2_803_782)
    let names = Set(generator.publishedNames.values)
    #expect(names.contains("conv2d_13/bias:0") && !names.contains("conv2d_14/kernel:0"))
    #expect(names.contains("conv2d_transpose_5/kernel:0"))
    #expect(names.contains("instance_normalization_13/gamma:0"))
    #expect(!names.contains("instance_normalization_14/gamma:0"))
    let decoder = generator.namedParameters.filter { $0.path.hasPrefix("decoder.blocks") }
      .filter { $0.parameter.shape.count == 4 }.map { $0.parameter.shape[1] }
    #expect(decoder == [512, 512, 512, 256, 128])
    // A 256-pixel image has one more size.
    let square = ports(256, 256, poses: 18)
    let larger = try plugin.build(
      "generator", bound: square, image: square[1], as: (any Generator & Importable).self)
    #expect(larger.parameterCount == 82_080_611)  // 82.08 M, as arXiv:1904.03349 counts it
    #expect(larger.publishedNames.values.contains("conv2d_transpose_6/kernel:0"))
    let error = #expect(throws: ConfigurationError.self) {
      try plugin.build(
        "generator", bound: ports(128, 72), image: ports(128, 72)[1], as: (any Generator).self)
    }
    #expect(error?.message.contains("128x72 images can be halved 3 times") == true)
  }
}

/// A context of a test.
private func context(training: Bool) -> CallContext {
  CallContext(training: training, updatesBuffers: training, seed: 1, stream: "test", step: 0)
}

/// Expects the largest difference, relative to the largest number expected, to be below `tolerance`;
/// it is noted as one of `subject`, a network or loss of the plugin.
private func expectClose(
  _ found: Tensor, _ expected: Tensor, tolerance: Float, _ name: String = "",
  of subject: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let found = noted(difference(found, expected), name, of: "deformable-gan \(subject)")
  #expect(found < tolerance, "\(name)", sourceLocation: sourceLocation)
}

extension Fixture {
  fileprivate func tensor(_ name: String) throws -> Tensor { try self[name].tensor() }
}
