import Foundation
import PluginAPI

/// Trains perceptors that nobody gave weights, where they say how: on the real samples of a run's
/// dataset, in a run folder beside it that all runs on the same data share.
struct PerceptorTraining {
  let open: OpenExperiment
  /// The folder of runs.
  let folder: String
  /// How many images each is trained on; as it says itself when absent.
  let images: Int?

  /// How a perceptor is trained on the dataset; nil where it cannot be.
  static func pretraining(of part: ResolvedPart, in resolution: Resolution) -> Pretraining? {
    guard let type = part.component.type as? any Pretrainable.Type else { return nil }
    return type.pretraining(on: resolution.parts["dataset"]?.provided ?? [])
  }

  /// The run folder that holds a perceptor's weights, trained now unless it was before.
  ///
  /// - Throws: faults of the experiment that trains it, and whatever stops a training.
  /// - Returns: nil where it cannot be trained on the dataset.
  func weights(of path: String) throws -> String? {
    guard let part = open.resolution.parts[path],
      let how = PerceptorTraining.pretraining(of: part, in: open.resolution)
    else { return nil }
    let opened = try OpenExperiment(experiment(part, how), with: open.registry)
    let record = RunRecord(opened)
    // The hash is of data, network, seed and stage, so that another of these is another folder.
    let title = "\(path.dropFirst("perceptors.".count))-\(record.hash.prefix(8))"
    let exists = FileManager.default.fileExists(atPath: "\(folder)/\(title)-1")
    let run =
      exists
      ? try RunFolder(opening: "\(folder)/\(title)-1") : try RunFolder(creating: title, in: folder)
    let isBegun = !CheckpointFolder(run.checkpoints).files.isEmpty
    let data = opened.resolution.experiment.dataset.use
    complain(
      "\(path) (\(part.part.use)) has no weights: "
        + (isBegun
          ? "those that were trained on the same data are taken, \(run.path)"
          : "it is trained on real samples of \(data), in \(run.path)"))
    do {
      try train(opened, record, in: run, resuming: isBegun)
    } catch {
      if !exists { run.removeIfUntouched() }
      throw error
    }
    return run.path
  }

  /// An experiment that trains the perceptor alone; with a seed of its own, so that runs of several
  /// seeds are measured through one network.
  private func experiment(_ part: ResolvedPart, _ how: Pretraining) throws -> JSONValue {
    var stage = try JSONValue(parsing: how.stage, named: "\(part.part.use)'s stage")
    if let images { stage.set("training.for", ["images": JSONValue(images)]) }
    // A dataset may hold fewer samples than a batch of the stage.
    let usual = stage["training"]?["batchSize"]?.intValue ?? Experiment.Training().batchSize
    let dataset = try Networks(open.resolution, only: ["dataset"])
      .part("dataset", as: (any Dataset).self)
    let most = max(1, try dataset.count(of: .train))
    stage.set("training.batchSize", JSONValue(min(usual, most)))
    var root: JSONValue = [
      "format": 1, "name": "perceptor", "seed": 0, "stages": JSONValue([stage]),
      "perceptors": [:],
    ]
    root.set("dataset", open.root["dataset"] ?? [:])
    root.set(
      part.part.place, ["use": JSONValue(part.part.use), "with": JSONValue(setting: part.settings)])
    return root
  }

  private func train(
    _ opened: OpenExperiment, _ record: RunRecord, in run: RunFolder, resuming: Bool
  ) throws {
    if !resuming { try AtomicFile.write(record.tree.text() + "\n", to: run.experiment) }
    let ending = try onStandardError {
      try TrainingLoop(
        opened.resolution, in: run, hash: record.hash, tree: record.decisive
      ).train(resuming: resuming)
    }
    guard ending != .interrupted else {
      throw ConfigurationError(
        "the training in \(run.path) was stopped; the same command goes on with it")
    }
  }
}
