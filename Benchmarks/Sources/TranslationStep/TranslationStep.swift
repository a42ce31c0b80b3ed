import Host
import PluginAPI
import TestSupport

/// Both networks, their optimizers and one batch.
struct TranslationStep {
  private let generator: any Generator & Importable
  private let discriminator: any Discriminator & Importable
  private let adam: any Optimizer
  private let condition: Tensor
  private let target: Tensor
  private var states: [String: [String: Tensor]] = [:]
  private var count = 0

  /// Builds the networks in the sizes the file has, with its weights.
  init(file: String, dropout: Double) throws {
    let tensors = try SafetensorsReader(file).tensors()
    func tensor(_ name: String) throws -> Tensor {
      guard let tensor = tensors[name] else { throw ConfigurationError("\(file) lacks \(name)") }
      return tensor
    }
    condition = try tensor("condition").permuted([0, 2, 3, 1]).evaluated()
    target = try tensor("target").permuted([0, 2, 3, 1]).evaluated()
    let side = target.shape[1]
    let width = Setting.number(Double(try tensor("D.model.0.weight").shape[0]))
    let image = Port.image("image", side: side)
    let picture = Port.image("condition", side: side, role: .source)
    let plugin = try PluginUnderTest("SemanticCGAN")
    generator = try plugin.build(
      "unet", ["condition": "image", "width": width, "dropout": .number(dropout)],
      bound: [picture], image: image, as: (any Generator & Importable).self)
    discriminator = try plugin.build(
      "patchgan", ["condition": "image", "width": width], bound: [picture, image], image: image,
      as: (any Discriminator & Importable).self)
    adam = try PluginUnderTest("Essentials").build("adam", as: (any Optimizer).self)
    for (prefix, network) in [("G", generator as any Importable), ("D", discriminator)] {
      for (path, parameter) in network.namedParameters {
        parameter.value = try tensor("\(prefix).\(network.publishedNames[path] ?? path)")
      }
      for (_, buffer) in network.namedBuffers {
        buffer.value = buffer.initial == .ones ? .ones(buffer.shape) : .zeros(buffer.shape)
      }
    }
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
    update(discriminator, loss)

    let adversarial = (-judge(fake, in: context)).softplus().mean()
    let distance = (fake - target).abs().mean()
    update(generator, adversarial + 100 * distance)
    return [
      "discriminator": loss.item(), "adversarial": adversarial.item(), "l1": distance.item(),
    ]
  }

  private func judge(_ image: Tensor, in context: CallContext) -> Tensor {
    discriminator(["condition": condition, "image": image], in: context)["logits"]
  }

  private mutating func update(_ network: any Importable, _ loss: Tensor) {
    let parameters = network.namedParameters
    let found = gradients(of: loss, at: parameters.map(\.parameter.value))
    let prefix = network is any Generator ? "G." : "D."
    for ((path, parameter), gradient) in zip(parameters, found) {
      guard let gradient else { continue }
      let value = parameter.value.detached()
      var state = states[prefix + path] ?? adam.initialState(for: value)
      parameter.value = adam.step(
        value, gradient: gradient.detached(), state: &state, learningRate: adam.learningRate,
        count: count)
      states[prefix + path] = state
    }
  }
}
