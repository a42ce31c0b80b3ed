import PluginAPI

extension Resolution {
  /// Refuses batches of one sample where a loss wants real images beside another sample's condition.
  ///
  /// - Throws: `ConfigurationError` naming the loss.
  func checkBatchSizes() throws {
    let stages = experiment.stages.map { ($0.losses, $0.training) }
    for (losses, training) in stages + [(experiment.losses, experiment.training)]
    where training.batchSize == 1 {
      for loss in losses where readsNextCondition(loss) {
        throw ConfigurationError(
          "\(loss.path) \(loss.use) wants images beside the condition of another sample; "
            + "training.batchSize is 1, expected at least 2")
      }
    }
  }

  private func readsNextCondition(_ loss: Experiment.Part) -> Bool {
    guard let part = parts[loss.path] else { return false }
    let game = part.component.type as? any AdversarialLoss.Type
    let kinds = (game?.discriminatorJudgements ?? []) + (game?.generatorJudgements ?? [])
    let read = part.judged.values.flatMap { $0.values.compactMap(\.source.judgement) }
    return (kinds + read).contains(.mismatched)
  }
}
