import Foundation
import PluginAPI

/// What is measured of a trained run: its metrics, its speed, its size, and what it was seen through.
struct Evaluation {
  let run: RunFolder
  let open: OpenExperiment
  let checkpoint: Checkpoint
  private let networks: Networks
  private let model: LoadedModel

  /// What the images are measured on.
  private let split = "validation"

  /// Loads a run's weights; perceptors that were added to its experiment get those they name.
  ///
  /// - Throws: faults of the experiment, of checkpoints and of weights files.
  init(_ run: RunFolder, step: Int?, overrides: [String], metrics: [String]) throws {
    self.run = run
    // There is a list to add to only where the experiment has metrics of its own.
    let hasMetrics = try ExperimentFile(run.experiment).root?["reports"]?["metrics"] != nil
    let list = hasMetrics || metrics.isEmpty ? [] : ["reports.metrics=[]"]
    open = try OpenExperiment(
      file: run.experiment,
      overrides: overrides + list + metrics.map { "reports.metrics.+={ use: \"\($0)\" }" })
    networks = try Networks(open.resolution)
    checkpoint = try CheckpointFolder(run.checkpoints).load(step: step)
    let saved = checkpoint["networks"]
    let resolution = open.resolution
    // A network that is added to look through has the weights it names, or those it is drawn with.
    let added = resolution.order.filter { path in
      resolution.parts[path]?.component.kind == .perceptor
        && !saved.keys.contains { $0.isUnder(path) }
    }
    try TrainingState.restoreForSampling(
      networks, checkpoint, from: run.checkpoints, except: added)
    try WeightsLoading.load(into: networks, only: added)
    model = try LoadedModel(networks)
  }

  /// Measures everything and adds it to `evaluation.json`, which holds all measurements of the run.
  ///
  /// - Parameters:
  ///   - samples: how many samples of the validation split metrics look at, at most.
  ///   - speed: how many images are made to measure the speed.
  ///   - progress: called now and then with a sentence.
  /// - Returns: what was added.
  /// - Throws: the dataset's error about a sample, or errors of files.
  func measure(
    samples: Int?, speed: Int, progress: @escaping (String) -> Void
  ) throws -> JSONValue {
    let experiment = open.resolution.experiment
    let figures = try withoutGradient {
      try Measuring(networks: networks, progress: progress)
        .figures(count: samples ?? experiment.reports.metricSamples)
    }
    progress("measuring the speed")
    let result: JSONValue = [
      "step": JSONValue(checkpoint.record.step), "images": JSONValue(checkpoint.record.images),
      "split": JSONValue(split),
      "figures": JSONValue(
        figures.map { measured in
          [
            "name": JSONValue(measured.figure.name), "value": JSONValue(measured.figure.value),
            "isBetterHigher": JSONValue(measured.figure.isBetterHigher),
            "metric": JSONValue(measured.metric), "samples": JSONValue(measured.samples),
          ]
        }),
      "imagesPerSecond": JSONValue(try imagesPerSecond(speed)), "batchSize": 1,
      "parameters": JSONValue(parameterCount), "perceptors": JSONValue(perceptors),
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

  /// Images made one at a time, a second; the first is left out, which takes memory and plans.
  private func imagesPerSecond(_ count: Int) throws -> Double {
    var begin = ContinuousClock().now
    var made = -1
    let set = try EvaluationSet(networks, count: count + 1)
    try set.forEachBatch { batch in
      for index in 0..<(batch.values.tensors.values.first?.shape.first ?? 0) {
        let fields = batch.values.map { $1.sliced(axis: 0, from: index, to: index + 1).evaluated() }
        if made == 0 { begin = ContinuousClock().now }
        _ = model.generated(from: fields, [:], seed: UInt64(made + 1))
        made += 1
      }
    }
    return Double(max(made, 0)) / max(Reporter.seconds(ContinuousClock().now - begin), 1e-9)
  }

  /// The networks that metrics look through, with a hash of their weights.
  private var perceptors: [JSONValue] {
    open.resolution.parts(under: "perceptors").map { part in
      var hash = ContentHash()
      for (_, parameter) in networks.parameters(under: [part.path]) {
        hash.add(parameter.value.scalars())
      }
      return [
        "path": JSONValue(part.path), "use": JSONValue(part.part.use),
        "weights": part.part.weights.map { JSONValue($0) } ?? JSONValue(.null),
        "hash": JSONValue(hash.digits),
      ]
    }
  }
}
