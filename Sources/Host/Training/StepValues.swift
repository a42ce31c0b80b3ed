import PluginAPI

/// The values of one step, each computed when first asked for and kept until it is out of date.
///
/// This is the data flow of a step: dataset → encoders and latents → generator, along the bindings
/// that were resolved, adapters in between. Losses and discriminators ask; nothing else runs.
final class StepValues {
  /// How a network is called, and where its draws come from.
  struct Mode {
    /// Whether networks behave as in training, unless `modes` says otherwise.
    var isTraining = true
    /// Whether running statistics and power iterations may move.
    var updatesBuffers = true
    /// Path prefixes of what is being updated; a perceptor that is not behaves as when sampling.
    var updated: [String] = []
    /// The name of the phase that runs.
    var phase = ""
    /// Path prefixes of networks that behave otherwise.
    var modes: [String: Phase.Mode] = [:]
    /// Whether encoders that exist only in training are replaced by what stands in for them.
    var isSampling = false
    /// Keys the draws of a run; the experiment's own when absent.
    var seed: UInt64?
    /// The name of the streams that draws come from.
    var stream = "train"
    /// Keys the draws of one step.
    var step = 0
  }

  private let networks: Networks
  private let resolution: Resolution
  private var cache: [String: Values] = [:]
  private var refreshes = 0
  private let samples: Int?
  /// How networks are being called.
  var mode: Mode { didSet { other?.mode = mode } }
  /// The values of a second batch, for discriminators whose real images come from another one.
  var other: StepValues?
  /// The values that parameters had before phases of this step changed them, by path: what is kept
  /// may have been made with them.
  private(set) var formerWeights: [String: [Tensor]] = [:]
  /// Judgements of the phase that is running, by the discriminator's path.
  var judged: [String: [JudgementKind: Judgement]] = [:]

  /// Starts a step on a batch; `count` says how many samples are made where it has no fields.
  init(_ networks: Networks, batch: Values, mode: Mode, count: Int? = nil) {
    self.networks = networks
    samples = count
    self.resolution = networks.resolution
    self.mode = mode
    cache["dataset"] = batch
  }

  /// The samples in the batch.
  var count: Int { samples ?? cache["dataset"]?.tensors.values.first?.shape.first ?? 0 }

  /// Takes values for what a latent or an encoder would give.
  func take(_ values: Values, from node: String, generation: String) {
    let isLatent = resolution.parts[node]?.component.kind == .latent
    let name = isLatent ? "\(generation):\(node)" : node
    cache[name] = (cache[name] ?? [:]).merging(values)
  }

  /// Replaces the batch and forgets everything made from the old one.
  func replaceBatch(_ batch: Values) {
    formerWeights = [:]
    cache = ["dataset": batch]
    refreshes += 1
  }

  /// Keeps of the judgements only the verdicts, once all losses have read the rest.
  func forgetFeatures() {
    judged = judged.mapValues { judgements in
      judgements.mapValues { judgement in
        let logits = judgement.verdicts.reduce(Values()) { values, name in
          values.merging(judgement.outputs.port(name))
        }
        return Judgement(logits, verdicts: judgement.verdicts)
      }
    }
  }

  /// Forgets what was made, so that it is made again with the same draws.
  func forgetResults() {
    cache = cache.filter { $0.key == "dataset" }
    judged = [:]
  }

  /// Forgets what was made, so that it is made anew, with new draws; or only some generations and
  /// what was made from them.
  func refresh(_ generations: [String] = []) {
    refreshes += 1
    guard !generations.isEmpty else {
      formerWeights = [:]
      cache = cache.filter { $0.key == "dataset" }
      return
    }
    var gone = Set(generations)
    var count = 0
    while gone.count > count {
      count = gone.count
      for part in resolution.parts.values
      where part.path != "generator"
        && part.bindings.values.contains(where: { gone.contains($0.source.node) })
      {
        gone.insert(part.path)
      }
    }
    cache = cache.filter { key, _ in
      // Keys are `node`, `generation:node` and, for what adapters made, `node.port→…`.
      let isAdapted = key.contains("→")
      let source = key.prefix { $0 != "→" }
      let node = isAdapted ? Address(String(source))?.node ?? key : key
      return !gone.contains(String(node.split(separator: ":").first ?? ""))
    }
  }

  /// Notes the values of parameters that are about to change.
  func keepWeights(_ parameters: [(path: String, parameter: Parameter)]) {
    for (path, parameter) in parameters where !path.hasPrefix("discriminators.") {
      formerWeights[path, default: []].append(parameter.value)
    }
  }

  /// How often each discriminator was right in the phase that ran, by name of the judgement.
  var accuracies: [String: Float] {
    withoutGradient {
      var result: [String: Float] = [:]
      for (path, judgements) in judged {
        for (kind, judgement) in judgements {
          let verdicts = judgement.logits.map {
            (kind == .real ? ($0 .> 0) : ($0 .< 0)).mean().item()
          }
          guard !verdicts.isEmpty else { continue }
          result["\(path)/\(kind.rawValue)"] = verdicts.reduce(0, +) / Float(verdicts.count)
        }
      }
      return result
    }
  }

  // MARK: - Looking up

  /// The consumed values of a part, under its own port names.
  func inputs(_ bindings: [String: Binding], generation: String? = nil) -> Values {
    bindings.sorted { $0.key < $1.key }.reduce(Values()) { values, entry in
      values.merging(value(entry.value, generation: generation))
    }
  }

  /// One bound port's values, under the consumer's name.
  func value(_ binding: Binding, generation: String? = nil) -> Values {
    var values = outputs(binding.source, generation: generation)
    var name = binding.source.port
    for (index, use) in binding.adapters.enumerated() {
      let key = "\(binding.source)→\(binding.adapters[...index].map { "\($0.id) \($0.to)" })"
      if let made = cache[key], generation == nil {
        values = made
      } else {
        let adapter = networks.adapter(use)
        values = Profile.within("adapter \(use.id)") {
          adapter(values.renaming(name, to: use.from.name), from: use.from, to: use.to)
        }
        if generation == nil { cache[key] = values }
      }
      name = use.to.name
    }
    return values.renaming(name, to: binding.port.name)
  }

  /// The values of a provider's port, under its own name.
  func outputs(_ address: Address, generation: String? = nil) -> Values {
    if resolution.parts[address.node]?.component.kind == .latent {
      return latent(address.node, generation).port(address.port)
    }
    let all = node(address.node)
    let port = all.port(address.port)
    guard port.tensors.isEmpty, resolution.generations[address.node] != nil else { return port }
    return generationInputs(address.node).port(address.port)
  }

  private func node(_ name: String) -> Values {
    if let known = cache[name] { return known }
    let values: Values
    if resolution.generations[name] != nil {
      let inputs = generationInputs(name)
      let generator = networks.part("generator", as: (any Generator).self)
      values = Profile.within("generator") {
        generator(inputs, in: context("generator", draws: name))
      }
    } else if let part = resolution.parts[name] {
      values = run(part)
    } else {
      preconditionFailure("[StepValues] there is no node \(name)")
    }
    cache[name] = values
    return values
  }

  private func generationInputs(_ name: String) -> Values {
    let key = "\(name):inputs"
    if let known = cache[key] { return known }
    let values = inputs(resolution.generations[name] ?? [:], generation: name)
    cache[key] = values
    return values
  }

  private func latent(_ path: String, _ generation: String?) -> Values {
    let name = generation.map { "\($0):\(path)" } ?? path
    if let known = cache[name] { return known }
    let latent = networks.part(path, as: (any Latent).self)
    let inputs = inputs(resolution.parts[path]?.bindings ?? [:])
    let values = Profile.within(path) {
      latent(count, inputs, in: context(path, draws: name))
    }
    cache[name] = values
    return values
  }

  private func run(_ part: ResolvedPart) -> Values {
    if mode.isSampling, let stand = standIn(for: part) { return stand }
    let inputs = inputs(part.bindings)
    let context = context(part.path, draws: part.path)
    if let encoder = networks.components[part.path] as? any Encoder {
      return Profile.within(part.path) { encoder(inputs, in: context) }
    }
    let perceptor = networks.part(part.path, as: (any Perceptor).self)
    return Profile.within(part.path) { perceptor(inputs, in: context) }
  }

  /// What an encoder that exists only in training gives when sampling; `nil` when it runs.
  private func standIn(for part: ResolvedPart) -> Values? {
    guard let sources = try? part.component.samplingSources(part.settings), !sources.isEmpty else {
      return nil
    }
    let context = context(part.path, draws: part.path)
    var values = Values()
    for port in part.provided where sources[port.name] == .standardNormal {
      values[port.name] = context.normal(port.name, port.latentShape(count: count))
    }
    return values
  }

  // MARK: - Calling

  /// The context for calling the network at a path.
  ///
  /// Perceptors, and latents and losses that may look through one, are frozen: they behave as in
  /// evaluation, unless the phase says otherwise or updates them or what they look through.
  func context(_ path: String, draws: String) -> CallContext {
    let own = setMode(of: path) ?? networks.looksThrough(path).compactMap(setMode).first
    let isTraining = own.map { $0 == .training } ?? (mode.isTraining && !isFrozen(path))
    return CallContext(
      training: isTraining, updatesBuffers: isTraining && mode.updatesBuffers,
      seed: mode.seed ?? resolution.experiment.seed, stream: "\(mode.stream).\(draws)",
      step: mode.step * 64 + refreshes)
  }

  private func setMode(of path: String) -> Phase.Mode? {
    mode.modes.filter { path.isUnder($0.key) }.max { $0.key.count < $1.key.count }?.value
  }

  private func isFrozen(_ path: String) -> Bool {
    switch networks.components[path] {
    case is any Perceptor, is any Latent, is any Loss:
      !([path] + networks.looksThrough(path)).contains { part in
        mode.updated.contains { part.isUnder($0) || $0.isUnder(part) }
      }
    default: false
    }
  }
}

extension Port {
  /// The shape of a batch of latents: `[N, size]` or `[N, height, width, channels]`.
  public func latentShape(count: Int) -> [Int] {
    if let size = self["size"] { return [count, size] }
    guard let height = self["height"], let width = self["width"], let channels = self["channels"]
    else {
      preconditionFailure("[Port] the sizes of \(self) are not all known")
    }
    return [count, height, width, channels]
  }
}
