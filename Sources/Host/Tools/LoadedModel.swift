import PluginAPI

/// The generator of built networks, with its encoders, as tools and metrics of whole models use it.
final class LoadedModel: TrainedModel {
  /// A latent of the generator and where it comes from.
  private struct Source {
    let port: Port
    let address: Address
    /// The posterior whose mean stands for the encoder's own draw.
    var mean: Address?
    var isEncoded = false
  }

  let name: String
  let image: Port
  let conditions: [Port]
  let encodedFields: [Port]
  var latents: [Port] { sources.map(\.port) }

  private let networks: Networks
  private let generation: String
  private let sources: [Source]
  /// Samples that go through the networks together; all at once could be more than memory holds.
  private let chunk: Int

  /// Takes the generator of an experiment whose networks are built.
  ///
  /// Encoders that are not built, or of which `untrained` says that they have no weights, cannot
  /// encode; what they give is drawn.
  /// - Throws: `ConfigurationError` where there is no generator.
  init(_ networks: Networks, untrained: Set<String> = []) throws {
    let resolution = networks.resolution
    guard let generator = resolution.parts["generator"],
      let image = resolution.generatedImage
    else { throw ConfigurationError("the experiment has no generator, so there is no model") }
    self.networks = networks
    name = generator.part.use
    self.image = image
    let experiment = resolution.experiment
    chunk = experiment.reports.sampleMode == .training ? experiment.training.batchSize : 8
    generation = ModelParts.generation(of: resolution)
    let found = ModelParts(resolution, generation)
    sources = found.latents.map { port, address in
      let part = resolution.parts[address.node]
      let isEncoded =
        part?.component.kind == .encoder && networks.components[address.node] != nil
        && !untrained.contains(address.node)
      let posterior = part?.provided.first {
        $0.kind == .posterior && $0["size"] == port["size"] && $0["channels"] == port["channels"]
      }
      return Source(
        port: port, address: address, mean: posterior.map { Address(address.node, $0.name) },
        isEncoded: isEncoded)
    }
    conditions = found.conditions
    encodedFields = ModelParts.fields(
      of: Set(sources.filter(\.isEncoded).map(\.address.node)), in: resolution)
  }

  func drawn(_ count: Int, for fields: Values, seed: UInt64) -> Values {
    withoutGradient {
      let values = step(fields, count, seed: seed)
      return sources.reduce(Values()) { drawn, source in
        let value = values.outputs(source.address, generation: generation)
        return drawn.merging(value.renaming(source.address.port, to: source.port.name))
      }.map { $1.evaluated() }
    }
  }

  func encoded(_ fields: Values) -> Values {
    withoutGradient {
      let count = fields.tensors.values.first?.shape.first ?? 0
      let values = step(fields, count, seed: 0, isSampling: false)
      return sources.filter(\.isEncoded).reduce(Values()) { encoded, source in
        var encoded = encoded
        if let mean = source.mean {
          encoded[source.port.name] = values.outputs(mean)["\(mean.port).mean"].evaluated()
        } else {
          encoded[source.port.name] =
            values.outputs(source.address)[source.address.port].evaluated()
        }
        return encoded
      }
    }
  }

  func generated(from fields: Values, _ latents: Values, seed: UInt64) -> Tensor {
    let all = [fields, latents].flatMap(\.tensors.values)
    let count = all.first?.shape.first ?? 1
    precondition(
      all.allSatisfy { $0.shape.first == count },
      "[generated] found fields and latents of \(all.map(\.shape)), expected \(count) samples of each"
    )
    return withoutGradient {
      let latents = drawn(count, for: fields, seed: seed).merging(latents)
      let parts = stride(from: 0, to: count, by: chunk).map { first in
        let end = min(first + chunk, count)
        let part = { (_: String, value: Tensor) in value.sliced(axis: 0, from: first, to: end) }
        let values = step(fields.map(part), end - first, seed: seed, number: first / chunk)
        for source in sources {
          values.take(
            latents.port(source.port.name).renaming(source.port.name, to: source.address.port)
              .map(part), from: source.address.node, generation: generation)
        }
        return values.outputs(Address(generation, image.name))[image.name].detached().evaluated()
      }
      return parts.count == 1 ? parts[0] : .concatenated(parts, axis: 0).evaluated()
    }
  }

  func classLatent() throws -> ClassLatent {
    if let found = ClassLatent(conditions: conditions, latents: latents) { return found }
    let others = ModelParts.generatorsByClass(networks.resolution.catalog)
    let which = others.isEmpty ? "no loaded plugin has one" : "of those loaded these have one: "
    throw ConfigurationError(
      "\(name) has no code for each class: its latents are "
        + (latents.isEmpty ? "none" : latents.map { "\($0.name) \($0)" }.joined(separator: ", "))
        + ". A generator is needed whose latent has as many groups as its label map has classes; "
        + which + others.joined(separator: ", "))
  }

  private func step(
    _ fields: Values, _ count: Int, seed: UInt64, number: Int = 0, isSampling: Bool = true
  ) -> StepValues {
    let mode = networks.resolution.experiment.reports.sampleMode
    return StepValues(
      networks, batch: fields,
      mode: StepValues.Mode(
        isTraining: mode == .training, updatesBuffers: false, isSampling: isSampling, seed: seed,
        stream: "model", step: number), count: count)
  }
}

extension Resolution {
  /// The image that a model makes: of the target's size where a generator makes several, else the
  /// last.
  var generatedImage: Port? {
    let images = (parts["generator"]?.provided ?? []).filter { $0.kind == .image }
    return images.last {
      $0["height"] == targetImage?["height"] && $0["width"] == targetImage?["width"]
    } ?? images.last
  }
}
