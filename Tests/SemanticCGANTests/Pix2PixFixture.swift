import PluginAPI
import TestSupport
import Testing

/// The networks of pix2pix.safetensors, loaded from the plugin, with the recorded weights.
struct Pix2PixFixture {
  let file: Fixture
  let generator: any Generator & Importable
  let discriminator: any Discriminator & Importable
  let condition: Tensor
  let target: Tensor

  init() throws {
    file = try Fixture.load("pix2pix")
    let plugin = try PluginUnderTest("SemanticCGAN")
    let image = Port.image("image", side: 64)
    let labels = Port.classPlanes("condition", classes: 4, side: 64)
    generator = try plugin.build(
      "unet", ["width": 2], bound: [labels], image: image,
      as: (any Generator & Importable).self)
    discriminator = try plugin.build(
      "patchgan", ["width": 2], bound: [labels, image], image: image,
      as: (any Discriminator & Importable).self)
    condition = upsampleNearest(try file.tensor("labels").oneHot(classes: 4), factor: 4)
    target = upsampleNearest(try file.tensor("target"), factor: 8)
    try load("G", generator)
    try load("D", discriminator)
  }

  private func load(_ prefix: String, _ network: any Importable) throws {
    network.initialize(seed: 1, prefix: prefix)
    for (path, parameter) in network.namedParameters {
      let published = network.publishedNames[path] ?? "no published name for \(path)"
      parameter.value = try file.tensor("\(prefix).\(published)")
    }
  }

  func context(training: Bool) throws -> CallContext {
    CallContext(
      training: training, updatesBuffers: training, seed: 1, stream: "test", step: 0,
      given: ["dropout.0": try file.tensor("dropout.0")])
  }

  func generate(in context: CallContext) -> Tensor {
    generator(["condition": condition], in: context)["image"]
  }

  func judge(_ image: Tensor, in context: CallContext) -> Tensor {
    discriminator(["condition": condition, "image": image], in: context)["logits"]
  }
}

/// Every fourth row and column, as the fixture keeps images.
func thinned(_ image: Tensor) -> Tensor {
  let (height, width) = (image.shape[1] / 4, image.shape[2] / 4)
  return image.reshaped([image.shape[0], height, 4, width, 4, image.shape[3]])
    .sliced(axis: 2, from: 0, to: 1).sliced(axis: 4, from: 0, to: 1)
    .reshaped([image.shape[0], height, width, image.shape[3]])
}

/// Binary cross-entropy of logits with one target value, averaged.
func crossEntropy(_ logits: Tensor, _ target: Float) -> Tensor {
  (target == 1 ? (-logits).softplus() : logits.softplus()).mean()
}

/// Adam's moments of one network, at the published settings.
final class TestAdam {
  private var first: [Tensor] = []
  private var second: [Tensor] = []
  private var step: Float = 0

  func update(_ parameters: [Parameter], _ gradients: [Tensor]) {
    if first.isEmpty {
      first = parameters.map { .zeros($0.shape) }
      second = first
    }
    step += 1
    let corrections = (1 - pow(0.5, step), 1 - pow(0.999, step))
    for (index, (parameter, gradient)) in zip(parameters, gradients).enumerated() {
      first[index] = (first[index] * 0.5 + gradient * 0.5).evaluated()
      second[index] = (second[index] * 0.999 + gradient.square() * 0.001).evaluated()
      let scale = (second[index] * (1 / corrections.1)).sqrt() + 1e-8
      parameter.value = parameter.value - first[index] * (2e-4 / corrections.0) / scale
    }
  }

  private func pow(_ base: Float, _ exponent: Float) -> Float {
    (0..<Int(exponent)).reduce(1) { power, _ in power * base }
  }
}

extension Fixture {
  func tensor(_ name: String) throws -> Tensor { try self[name].tensor() }
}

/// Expects the largest difference, relative to the largest number expected, to be below `tolerance`.
///
/// It is noted as one of `subject`, a network or loss of the plugin; of the test's file without one.
func expectClose(
  _ found: Tensor, _ expected: Tensor, tolerance: Float, _ name: String = "",
  of subject: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  let test = sourceLocation.fileName.prefix { $0 != "." }
  let found = noted(
    difference(found, expected), name, of: "semantic-cgan \(subject ?? String(test))")
  #expect(found < tolerance, "\(name)", sourceLocation: sourceLocation)
}
