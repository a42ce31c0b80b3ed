import PluginAPI
import TestSupport
import Testing

@Suite("Residual generator against PyTorch")
struct ResNetTests {
  /// Of the largest number expected.
  private let tolerance: Float = 1e-4

  @Test(
    "Outputs, running statistics and every gradient agree, in training and inference",
    arguments: [
      ("batch", ["halvings": 2, "blocks": 2]),
      ("instance", ["halvings": 1, "blocks": 2, "norm": "instance"]),
      ("nearest", ["halvings": 2, "blocks": 1, "upsampling": "nearest"]),
      ("coded", ["halvings": 1, "blocks": 2, "norm": "instance", "latentSize": 5]),
    ] as [(String, [String: Setting])])
  func agrees(_ variant: String, _ settings: [String: Setting]) throws {
    let file = try Fixture.load("resnet")
    let subject = "resnet \(variant)"
    let plugin = try PluginUnderTest("SemanticCGAN")
    let x = try file.tensor("x").variable()
    let z = try file.tensor("z").variable()
    let generator = try plugin.build(
      "resnet", .object(settings.merging(["width": 3]) { $1 }),
      bound: [.map("condition", .classPlanes, classes: 4, height: 12, width: 20)],
      image: .image("image", height: 12, width: 20), as: (any Generator & Importable).self)
    generator.initialize(seed: 1, prefix: "generator")
    let published = generator.publishedNames
    for (path, parameter) in generator.namedParameters {
      let name = try #require(published[path], "\(path)")
      parameter.value = try file.tensor("\(variant).\(name)")
    }
    func output(training: Bool) -> Tensor {
      let context = CallContext(
        training: training, updatesBuffers: training, seed: 1, stream: "test", step: 0)
      let inputs: Values =
        variant == "coded" ? ["condition": x, "z": z] : ["condition": x]
      return generator(inputs, in: context)["image"]
    }
    let y = output(training: true)
    expectClose(y, try file.tensor("\(variant)/y"), tolerance: tolerance, of: subject)
    let weights = generator.namedParameters
    let found = gradients(
      of: y, cotangent: try file.tensor("cotangent"), at: [x, z] + weights.map(\.parameter.value))
    expectClose(
      try #require(found[0]), try file.tensor("\(variant)/dx"), tolerance: tolerance,
      "gradient x", of: subject)
    if variant == "coded" {
      expectClose(
        try #require(found[1]), try file.tensor("coded/dz"), tolerance: tolerance, "gradient z",
        of: subject)
    }
    for ((path, _), gradient) in zip(weights, found.dropFirst(2)) {
      let name = try #require(published[path])
      let (found, expected) = (
        try #require(gradient), try file.tensor("\(variant)/gradient.\(name)")
      )
      // A norm takes the bias before it away again: its gradient is rounding noise in both.
      if expected.abs().max().item() < 1e-3 {
        #expect(found.abs().max().item() < 1e-3, "\(name)")
      } else {
        expectClose(found, expected, tolerance: tolerance, "gradient \(name)", of: subject)
      }
    }
    for (path, buffer) in generator.namedBuffers {
      let name = try #require(published[path])
      expectClose(
        buffer.value, try file.tensor("\(variant)/\(name)"), tolerance: tolerance, name,
        of: subject)
    }
    expectClose(
      output(training: false), try file.tensor("\(variant)/eval"), tolerance: tolerance,
      of: subject)
  }

  @Test("The published sizes have the published numbers of parameters")
  func parameterCounts() throws {
    let plugin = try PluginUnderTest("SemanticCGAN")
    // Of arXiv:1703.10593 for RGB, and the global generator of arXiv:1711.11585 for 36 planes.
    let small = try plugin.build(
      "resnet", ["condition": "image", "norm": "instance"],
      bound: [Port.image("condition", side: 256, role: .source)],
      image: Port.image("image", side: 256), as: (any Generator).self)
    #expect(small.parameterCount == 11_378_179)
    let large = try plugin.build(
      "resnet", ["halvings": 4, "norm": "instance"],
      bound: [Port.classPlanes("condition", classes: 36, side: 256)],
      image: Port.image("image", side: 256), as: (any Generator).self)
    #expect(large.parameterCount == 182_546_755)
    // The Cityscapes generator of arXiv:1901.09024.
    let coded = try plugin.build(
      "resnet",
      [
        "width": 32, "halvings": 4, "norm": "instance", "latentSize": 64,
        "condition": "labelsAndEdges",
      ],
      bound: [
        .map("condition", .classPlanes, classes: 35, height: 512, width: 1024),
        .map("edges", .edges, height: 512, width: 1024), .latent("z", size: 64),
      ], image: .image("image", height: 512, width: 1024),
      as: (any Generator & Importable).self)
    #expect(coded.parameterCount == 43_607_715)
    let names = Set(coded.publishedNames.values)
    #expect(
      names.isSuperset(of: [
        "pre_model.13.weight", "fuse_z_layer.0.bias", "after_model.7.conv_block.5.weight",
        "after_model.8.weight", "after_model.17.weight", "after_model.21.bias",
      ]))
  }
}
