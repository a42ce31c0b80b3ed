import PluginAPI

extension StageRunner {
  /// What became of a phase's gradients.
  struct Update {
    /// Whether the losses reach anything that the phase updates.
    var isReached: Bool
    /// The norm of all gradients together, before clipping; `nil` where nobody wanted it.
    var gradientNorm: Float?
  }

  /// Differentiates the loss of phase `place` and steps what the phase updates.
  ///
  /// Where no later phase needs what was recorded, each weight is stepped as soon as its gradient is complete, so that the
  /// gradients never take up memory all at once.
  func update(
    _ place: Int, _ total: Tensor, _ values: StepValues, at progress: TrainingProgress,
    wantsNorm: Bool
  ) -> Update {
    let phase = procedure.phases[place]
    let parameters = networks.parameters(under: phase.updates)
    let historyServes = procedure.historyServes(after: place)
    let hasFormer = parameters.contains { values.formerWeights[$0.path] != nil }
    // Gradients may have been kept for parameters that this phase does not name.
    let waiting = optimizers[phase.optimizer]?.waiting.subtracting(parameters.map(\.path)) ?? []
    if let optimizer = optimizers[phase.optimizer], phase.step != .later, phase.clip == nil,
      !historyServes, !hasFormer, waiting.isEmpty
    {
      return stepOneByOne(total, parameters, phase, optimizer, at: progress, wantsNorm: wantsNorm)
    }
    let gradients = gradients(of: total, at: parameters, values, releasing: !historyServes)
    if phase.step != .later {
      if historyServes { values.keepWeights(changed(parameters, by: gradients, phase)) }
      // A phase of discriminators may step weights of the generator that waited, though its own history serves nobody.
      values.keepWeights(networks.parameters(under: waiting))
    }
    apply(gradients, to: parameters, phase, at: progress)
    return Update(
      isReached: parameters.isEmpty || gradients.contains { $0 != nil },
      gradientNorm: wantsNorm ? StageRunner.norm(gradients.compactMap(\.self)) : nil)
  }

  /// Steps each parameter as soon as its gradient is complete.
  private func stepOneByOne(
    _ total: Tensor, _ parameters: [(path: String, parameter: Parameter)], _ phase: Phase,
    _ optimizer: OptimizerRunner, at progress: TrainingProgress, wantsNorm: Bool
  ) -> Update {
    var reached: Set<String> = []
    var squares: Float = 0
    forEachGradient(of: total, at: parameters.map(\.parameter.value)) { index, gradient in
      let (path, parameter) = parameters[index]
      reached.insert(path)
      // In memory whether its norm is wanted or not, so that reports do not change how a step rounds.
      let gradient = gradient.evaluated()
      Profile.within("optimizers.\(phase.optimizer)") {
        if wantsNorm { squares += gradient.square().sum().item() }
        optimizer.step(path, parameter, gradient, at: progress)
      }
    }
    let rest = parameters.filter { !reached.contains($0.path) }
    apply(rest.map { _ in nil }, to: rest, phase, at: progress)
    return Update(
      isReached: parameters.isEmpty || !reached.isEmpty,
      gradientNorm: wantsNorm ? squares.squareRoot() : nil)
  }

  /// The parameters that a step will change. One that stays as it is would count twice in a later phase: as it is and
  /// as it was.
  private func changed(
    _ parameters: [(path: String, parameter: Parameter)], by gradients: [Tensor?], _ phase: Phase
  ) -> [(path: String, parameter: Parameter)] {
    guard let optimizer = optimizers[phase.optimizer] else { return [] }
    return zip(parameters, gradients).compactMap { entry, gradient in
      optimizer.changes(entry.path, with: gradient) ? entry : nil
    }
  }

  /// Steps parameters, and those that gradients were kept for.
  private func apply(
    _ gradients: [Tensor?], to parameters: [(path: String, parameter: Parameter)], _ phase: Phase,
    at progress: TrainingProgress
  ) {
    guard let optimizer = optimizers[phase.optimizer] else { return }
    if phase.step == .later {
      optimizer.keep(parameters, gradients)
      return
    }
    let clipped = phase.clip.map { clip(gradients, parameters, $0) } ?? gradients
    Profile.within("optimizers.\(phase.optimizer)") {
      for ((path, parameter), gradient) in zip(parameters, clipped) {
        optimizer.step(path, parameter, gradient, at: progress)
      }
      let others = optimizer.waiting
      for (path, parameter) in networks.parameters where others.contains(path) {
        optimizer.step(path, parameter, nil, at: progress)
      }
    }
  }

  /// The gradient of each parameter: at its value and, where values of this step were made before an
  /// earlier phase changed it, at the value they were made with.
  private func gradients(
    of total: Tensor, at parameters: [(path: String, parameter: Parameter)], _ values: StepValues,
    releasing: Bool
  ) -> [Tensor?] {
    let points = parameters.map { path, parameter in
      [parameter.value] + (values.formerWeights[path] ?? [])
    }
    var found = PluginAPI.gradients(
      of: total, at: points.flatMap(\.self), releasing: releasing)[...]
    return points.map { points in
      let own = found.prefix(points.count).compactMap(\.self)
      found = found.dropFirst(points.count)
      return own.first.map { own.dropFirst().reduce($0, +) }
    }
  }

  private static func norm(_ gradients: [Tensor]) -> Float {
    withoutGradient {
      let squares = gradients.map { $0.square().sum().item() }
      return squares.reduce(0, +).squareRoot()
    }
  }

  private func clip(
    _ gradients: [Tensor?], _ parameters: [(path: String, parameter: Parameter)],
    _ clip: Phase.Clip
  ) -> [Tensor?] {
    let concerned = parameters.map { entry in clip.of.contains { entry.path.isUnder($0) } }
    let norm = StageRunner.norm(zip(gradients, concerned).compactMap { $1 ? $0 : nil })
    guard norm > clip.norm else { return gradients }
    // The published rule adds 1e-6 below the fraction.
    let factor = clip.norm / (norm + 1e-6)
    return zip(gradients, concerned).map { $1 ? $0.map { $0 * factor } : $0 }
  }
}
