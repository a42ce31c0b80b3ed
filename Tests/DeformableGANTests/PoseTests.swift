import PluginAPI
import TestSupport
import Testing

@Suite("A network of poses, and losses that look through it, against PyTorch")
struct PoseTests {
  private static let tolerance: Float = 1e-4
  private static let settings: Setting = ["points": 3, "width": 4]
  private static let image = Port.image("image", height: 16, width: 24)

  private func reference(_ name: String) throws -> Tensor {
    try Fixture.load("deformable")["poses\(name)"].tensor()
  }

  /// Gives a module the recorded weights; batch norms keep means 0 and variances 1.
  ///
  /// - Returns: their names in the file, and they themselves.
  private func fill(
    _ module: any Module, below path: String
  ) throws -> [(name: String, parameter: Parameter)] {
    module.initialize(seed: 1, prefix: "network")
    return try module.namedParameters.map { own, parameter in
      let name = String(own.dropFirst(path.count))
      parameter.value = try reference(".\(name)")
      return (name, parameter)
    }
  }

  private func context(training: Bool) -> CallContext {
    CallContext(training: training, updatesBuffers: false, seed: 1, stream: "test", step: 0)
  }

  @Test("What it reads, and what its error teaches every weight")
  func estimator() throws {
    let plugin = try PluginUnderTest("Perceptors")
    let network = try plugin.build(
      "pose-estimator", Self.settings, bound: [Self.image], as: (any Perceptor).self)
    let weights = try fill(network, below: "network.")
    func poses(training: Bool) throws -> Tensor {
      network(["image": try reference("/real")], in: context(training: training))["poses"]
    }
    let estimator = "perceptors pose-estimator"
    let read = noted(
      difference(try poses(training: false), try reference("/estimated")), "poses", of: estimator)
    #expect(read < Self.tolerance)
    let map = Port.map("poses", .poseMaps, classes: 3, height: 16, width: 24)
    let loss = try plugin.build(
      "pose-error", bound: [map, map.named("estimated")], as: (any Loss).self)
    let error = loss(
      ["estimated": try poses(training: true), "poses": try reference("/targets")],
      in: context(training: true))
    let off = noted(
      difference(error, try reference("/error")), "error", of: "perceptors pose-error")
    #expect(off < Self.tolerance)
    for (weight, gradient) in zip(
      weights, gradients(of: error, at: weights.map(\.parameter.value)))
    {
      let found = noted(
        difference(try #require(gradient), try reference(".gradient.\(weight.name)")),
        "gradient \(weight.name)", of: estimator)
      #expect(found < Self.tolerance, "\(weight.name)")
    }
  }

  @Test(
    "Squared and absolute distances of what it says of two images",
    arguments: [("DeformableGAN", "structure"), ("SemanticCGAN", "semantic-perceptual")])
  func distances(plugin: String, name: String) throws {
    let loss = try PluginUnderTest(plugin).build(
      name, ["network": ["use": "perceptors/pose-estimator", "with": Self.settings]],
      bound: [Self.image.named("generated"), Self.image.named("target")],
      with: [try PluginUnderTest("Perceptors")], as: (any Loss).self)
    _ = try fill(loss, below: "network.network.")
    let fake = try reference("/fake").variable()
    let value = loss(
      ["generated": fake, "target": try reference("/real")], in: context(training: false))
    let key = name == "structure" ? name : "perceptual"
    let subject = plugin == "DeformableGAN" ? "deformable-gan \(name)" : "semantic-cgan \(name)"
    let off = noted(difference(value, try reference("/\(key)")), "loss", of: subject)
    #expect(off < Self.tolerance)
    let gradient = try #require(gradients(of: value, at: [fake])[0])
    let slope = noted(
      difference(gradient, try reference("/\(key).gradient")), "gradient fake", of: subject)
    #expect(slope < Self.tolerance)
  }

  @Test("Other networks, and another number of points, are refused")
  func refusals() throws {
    let other = #expect(throws: ConfigurationError.self) {
      try PluginUnderTest("DeformableGAN").build(
        "structure", ["network": ["use": "perceptors/segmenter"]],
        bound: [Self.image.named("generated"), Self.image.named("target")],
        with: [try PluginUnderTest("Perceptors")], as: (any Loss).self)
    }
    #expect(other?.message.contains("expected poseMaps") == true)
    let count = #expect(throws: ConfigurationError.self) {
      try PluginUnderTest("Perceptors").build(
        "pose-error",
        bound: [
          .map("estimated", .poseMaps, classes: 18), .map("poses", .poseMaps, classes: 3),
        ], as: (any Loss).self)
    }
    #expect(count?.message.contains("reads 18 key points, the dataset has 3") == true)
  }
}
