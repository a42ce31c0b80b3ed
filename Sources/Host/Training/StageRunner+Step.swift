import PluginAPI

extension StageRunner {
  /// What a step found.
  struct StepOutcome {
    /// One for each phase that ran.
    var phases: [Outcome] = []
    /// How often each discriminator was right, by name of the judgement.
    var accuracies: [String: Float] = [:]
  }

  /// Draws the batches of a step and runs its phases in order.
  ///
  /// - Parameters:
  ///   - progress: how far the stage has come, this step not counted.
  ///   - loader: batches by number.
  ///   - isReport: whether the discriminators' accuracies are wanted.
  ///   - checkpoint: the newest whole checkpoint, for the error that names it.
  /// - Returns: what each phase that ran found.
  /// - Throws: the dataset's errors, or ``TrainingError`` when numbers stop being finite.
  func step(
    _ progress: TrainingProgress, from loader: BatchLoader, isReport: Bool,
    checkpoint: () -> String? = { nil }
  ) throws -> StepOutcome {
    // The step's batch; phases that want another one get the next.
    var batch = progress.step * batchesPerStep
    loader.discard(below: batch)
    let values = StepValues(
      networks, batch: try loader.batch(batch), mode: StepValues.Mode(step: progress.step))
    if wantsOther {
      values.other = StepValues(
        networks, batch: try loader.batch(batch + batchesPerStep - 1), mode: values.mode)
    }
    begin(progress.step)

    // Phases in order. Images made for one serve the next unless it asks for fresh ones.
    var found = StepOutcome()
    for (place, phase) in procedure.phases.enumerated() where runs(phase, in: progress.step) {
      if place > 0, phase.batch == .new {
        batch += 1
        values.replaceBatch(try loader.batch(batch))
      }
      let outcome = run(place, values, at: progress, isReport: isReport)
      guard outcome.update.isReached else { throw TrainingError.unreached(phase) }
      guard outcome.total.isFinite else {
        throw TrainingError.notFinite(
          phase: phase.name, step: progress.step,
          terms: outcome.terms.map { ($0.name, $0.value.item()) }, op: outcome.fault,
          checkpoint: checkpoint())
      }
      if isReport, phase.losses.side == .discriminator { found.accuracies = values.accuracies }
      found.phases.append(outcome)
    }
    return found
  }
}
