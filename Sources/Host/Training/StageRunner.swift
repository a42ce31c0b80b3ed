import PluginAPI

/// Runs the phases of one stage: losses, gradients, updates.
final class StageRunner {
  let networks: Networks
  let procedure: Procedure
  private let losses: [Experiment.Part]
  /// Optimizers by the name that phases use.
  let optimizers: [String: OptimizerRunner]
  private let restarts: [String: TrainingDuration]
  private let batchSize: Int
  private let batchesPerEpoch: Int

  /// What a phase found.
  struct Outcome {
    /// The phase's name.
    let phase: String
    /// Each loss before its weight.
    let terms: [(name: String, value: Tensor)]
    /// The weighted sum that was minimised.
    let total: Float
    /// What became of the gradients.
    let update: Update
    /// Where the loss is not finite: the op that first gave such a number. Nothing was updated then.
    let fault: String?
  }

  /// Prepares a stage.
  init(
    _ networks: Networks, losses: [Experiment.Part], optimizers: [Experiment.Part],
    procedure: Procedure, batchSize: Int, batchesPerEpoch: Int
  ) {
    self.networks = networks
    self.losses = losses
    self.procedure = procedure
    self.batchSize = batchSize
    self.batchesPerEpoch = batchesPerEpoch
    let name = { (part: Experiment.Part) in
      part.path.split(separator: ".").last.map(String.init) ?? part.path
    }
    restarts = Dictionary(
      uniqueKeysWithValues: optimizers.compactMap { part in part.restart.map { (name(part), $0) } })
    self.optimizers = Dictionary(
      uniqueKeysWithValues: optimizers.map { part in
        (
          name(part),
          OptimizerRunner(
            networks.part(part.path, as: (any Optimizer).self),
            schedule: networks.components["\(part.path).schedule"] as? any Schedule)
        )
      })
  }

  /// How many batches a step draws: one, one more for each phase that wants a new one, and one
  /// where a discriminator's real images come from another batch.
  var batchesPerStep: Int {
    1 + procedure.phases.dropFirst().filter { $0.batch == .new }.count + (wantsOther ? 1 : 0)
  }

  /// Whether a discriminator that this stage's losses read gets its real images from another batch.
  var wantsOther: Bool {
    networks.resolution.experiment.discriminators.contains { part in
      part.real == .other && losses.contains { reads($0, part.path) }
    }
  }

  private func reads(_ loss: Experiment.Part, _ discriminator: String) -> Bool {
    guard let part = networks.resolution.parts[loss.path] else { return false }
    if part.component.kind == .loss { return part.judged[discriminator] != nil }
    let named = loss.on.filter { $0.hasPrefix("discriminators.") }
    return named.isEmpty || named.contains(discriminator)
  }

  /// A duration in steps, rounded up; a step that draws several batches shows as many images.
  func steps(of duration: TrainingDuration) -> Int {
    if case .epochs(let epochs) = duration {
      return (epochs * batchesPerEpoch + batchesPerStep - 1) / batchesPerStep
    }
    return duration.steps(
      batchSize: batchSize * batchesPerStep, stepsPerEpoch: batchesPerEpoch)
  }

  /// Whether a phase runs in a step.
  func runs(_ phase: Phase, in step: Int) -> Bool { step % max(1, steps(of: phase.every)) == 0 }

  /// What happens before the phases of a step: optimizers whose time has come forget their state.
  func begin(_ step: Int) {
    for (name, every) in restarts where step > 0 && step % max(1, steps(of: every)) == 0 {
      optimizers[name]?.restart()
    }
  }

  /// Runs phase `place` of a step; `isReport` says whether the norm of the gradients is wanted.
  func run(
    _ place: Int, _ values: StepValues, at progress: TrainingProgress, isReport: Bool
  ) -> Outcome {
    let phase = procedure.phases[place]
    let imagesServe = procedure.imagesServe(after: place)
    values.mode.phase = phase.name
    values.mode.modes = phase.modes
    values.mode.updated = phase.updates
    values.judged = [:]
    if phase.generation == .fresh { values.refresh(phase.fresh) }
    let side = phase.losses.side
    if side == .discriminator, !imagesServe {
      withoutGradient { makeImages(values, phase) }
    }
    let terms = losses(of: phase).flatMap { evaluate($0.0, $0.1, phase, values, at: progress) }
    let total = terms.dropFirst().reduce(terms.first?.weighted ?? Tensor(0)) { $0 + $1.weighted }
    guard total.item().isFinite else {
      return Outcome(
        phase: phase.name, terms: terms.map { ($0.name, $0.value.detached()) },
        total: total.item(), update: Update(isReached: true, gradientNorm: .nan),
        fault: fault(of: phase, values, at: progress))
    }
    values.forgetFeatures()
    let update = update(place, total, values, at: progress, wantsNorm: isReport)
    return Outcome(
      phase: phase.name, terms: terms.map { ($0.name, $0.value.detached()) },
      total: total.item(), update: update, fault: nil)
  }

  /// Computes a phase's losses once more and says where numbers stop being finite.
  private func fault(
    of phase: Phase, _ values: StepValues, at progress: TrainingProgress
  ) -> String? {
    values.forgetResults()
    // Statistics that the first time has spoilt are not what is looked for.
    values.mode.updatesBuffers = false
    Tensor.evaluate(networks.buffers.map(\.buffer.value))
    return Compute.firstNotFinite {
      withoutGradient {
        for (part, discriminators) in losses(of: phase) {
          for term in evaluate(part, discriminators, phase, values, at: progress) {
            _ = term.value.item()
          }
        }
      }
    }
  }

  /// The discriminator's side needs images without their history.
  private func makeImages(_ values: StepValues, _ phase: Phase) {
    for path in discriminators(of: phase) {
      if let judged = networks.resolution.judgedImages[path] {
        _ = values.outputs(judged.fake)
      }
    }
  }

  // MARK: - Losses

  private struct Term {
    let name: String
    let value: Tensor
    let weighted: Tensor
  }

  /// The discriminators a phase updates, or all when it updates none.
  private func discriminators(of phase: Phase) -> [String] {
    let all = networks.resolution.experiment.discriminators.map(\.path)
    guard phase.losses.side == .discriminator else { return all }
    let updated = all.filter { path in
      phase.updates.contains { path.isUnder($0) || $0.isUnder(path) }
    }
    return updated.isEmpty ? all : updated
  }

  /// The losses of a phase with the discriminators each concerns there.
  private func losses(of phase: Phase) -> [(ResolvedPart, [String])] {
    let side = phase.losses.side
    let discriminators = discriminators(of: phase)
    return losses.compactMap { loss in
      guard let part = networks.resolution.parts[loss.path] else { return nil }
      switch phase.losses {
      case .named(let names, _): guard names.contains(loss.name) else { return nil }
      case .side:
        let own = (try? part.component.side(part.settings)) ?? .generator
        guard part.component.kind == .adversarialLoss || own == side else { return nil }
      }
      let named = loss.on.filter { $0.hasPrefix("discriminators.") }
      return (part, discriminators.filter { named.isEmpty || named.contains($0) })
    }
  }

  private func evaluate(
    _ part: ResolvedPart, _ discriminators: [String], _ phase: Phase, _ values: StepValues,
    at progress: TrainingProgress
  ) -> [Term] {
    let found = Profile.within(part.path) { self.values(of: part, discriminators, phase, values) }
    guard let first = found.first else { return [] }
    let value = found.dropFirst().reduce(first, +)
    let weight = part.part.weight.value(at: progress)
    return [
      Term(name: part.part.name, value: value, weighted: weight == 1 ? value : value * weight)
    ]
  }

  /// A loss's value for each discriminator it concerns, or one value.
  private func values(
    of part: ResolvedPart, _ discriminators: [String], _ phase: Phase, _ values: StepValues
  ) -> [Tensor] {
    let side = phase.losses.side
    let inputs = values.inputs(part.bindings)
    let context = values.context(part.path, draws: part.path)
    switch networks.components[part.path] {
    case let loss as any AdversarialLoss:
      return discriminators.map { path in
        let judgements = Judgements(
          judgements(path, phase, values), inputs: inputs)
        return side == .discriminator
          ? loss.discriminatorLoss(judgements) : loss.generatorLoss(judgements)
      }
    case let loss as any Regularizer:
      return discriminators.map { path in
        let critics = Judging(networks: networks, values: values, path: path).critics()
        let terms = critics.map { loss($0, inputs, in: context) }
        return terms.dropFirst().reduce(terms[0], +) / Float(terms.count)
      }
    case let loss as any Loss:
      guard !part.judged.isEmpty else { return [loss(inputs, in: context)] }
      return discriminators.compactMap { path in
        guard let bindings = part.judged[path] else { return nil }
        let judgements = judgements(path, phase, values)
        let judged = bindings.reduce(into: inputs) { result, entry in
          guard let kind = entry.value.source.judgement, let judgement = judgements[kind] else {
            return
          }
          let port = judgement.outputs.port(entry.value.source.port)
          result = result.merging(port.renaming(entry.value.source.port, to: entry.key))
        }
        return loss(judged, in: context)
      }
    default:
      preconditionFailure("[StageRunner] \(part.path) is no loss")
    }
  }

  /// All judgements of a discriminator that the phase's losses want, made once.
  private func judgements(
    _ path: String, _ phase: Phase, _ values: StepValues
  ) -> [JudgementKind: Judgement] {
    if let made = values.judged[path] { return made }
    var kinds: Set<JudgementKind> = []
    for (part, discriminators) in losses(of: phase) where discriminators.contains(path) {
      if let loss = part.component.type as? any AdversarialLoss.Type {
        kinds.formUnion(
          phase.losses.side == .discriminator
            ? loss.discriminatorJudgements : loss.generatorJudgements)
      }
      kinds.formUnion((part.judged[path] ?? [:]).values.compactMap(\.source.judgement))
    }
    let made = Judging(networks: networks, values: values, path: path)
      .judgements(kinds, pass: phase.pass, side: phase.losses.side)
    values.judged[path] = made
    return made
  }
}
