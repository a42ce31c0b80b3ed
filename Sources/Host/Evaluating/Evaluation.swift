import Foundation
import PluginAPI

/// What is measured of a trained run: its metrics, its speed, its size, and what it was seen through.
struct Evaluation {
  let run: RunFolder
  let checkpoint: Checkpoint
  private let networks: Networks
  private let model: LoadedModel

  /// What the images are measured on.
  private let split = "validation"

  /// Loads a run's weights; perceptors that were added to its experiment get those they name, or
  /// those they are drawn with.
  ///
  /// - Throws: faults of checkpoints and of weights files.
  init(_ run: RunFolder, _ experiment: EvaluatedExperiment, step: Int? = nil) throws {
    self.run = run
    networks = try Networks(experiment.open.resolution)
    checkpoint = try CheckpointFolder(run.checkpoints).load(step: step)
    let added = experiment.added
    var saved = checkpoint
    saved["networks"] = saved["networks"].filter { name, _ in
      !added.contains { name.isUnder($0) }
    }
    try TrainingState.restoreForSampling(networks, saved, from: run.checkpoints, except: added)
    try WeightsLoading.load(into: networks, only: added)
    model = try LoadedModel(networks)
  }

  /// Measures everything and adds it to `evaluation.json`, which holds all measurements of the run.
  ///
  /// - Parameters:
  ///   - samples: how many samples of the validation split metrics look at, at most.
  ///   - speed: how many images are made to measure the speed.
  ///   - named: called once with the names of the figures, before most of the work.
  ///   - progress: called now and then with a sentence.
  /// - Returns: what was added.
  /// - Throws: the dataset's error about a sample, errors of files, or what `named` throws.
  func measure(
    samples: Int?, speed: Int, named: @escaping ([String]) throws -> Void = { _ in },
    progress: @escaping (String) -> Void = { _ in }
  ) throws -> JSONValue {
    let experiment = networks.resolution.experiment
    let figures = try withoutGradient {
      try Measuring(networks: networks, progress: progress, named: named)
        .figures(count: samples ?? experiment.reports.metricSamples)
    }
    progress("measuring the speed")
    let result: JSONValue = [
      "step": JSONValue(checkpoint.record.step), "images": JSONValue(checkpoint.record.images),
      "split": JSONValue(split), "figures": JSONValue(figures.map(\.json)),
      "imagesPerSecond": JSONValue(
        try model.imagesPerSecond(on: EvaluationSet(networks, count: speed + 1))),
      "batchSize": 1,
      "parameters": JSONValue(parameterCount),
    ]
    var all: [JSONValue] = []
    if FileManager.default.fileExists(atPath: run.evaluation) {
      let bytes = try OpenFile(run.evaluation, for: .reading).readAll(limit: 64 << 20)
      let text = String(decoding: bytes, as: UTF8.self)
      all = try JSONValue(parsing: text, named: run.evaluation).arrayValue ?? []
    }
    try AtomicFile.write(JSONValue(all + [result]).text() + "\n", to: run.evaluation)
    return result
  }

  /// The weights of the generator and of all encoders.
  private var parameterCount: Int {
    networks.parameters(under: ["generator", "encoders"])
      .reduce(0) { $0 + $1.parameter.count }
  }
}
