import PluginAPI

/// Measures an experiment's metrics on the validation split.
struct Measuring {
  let networks: Networks
  /// Called as samples are done, with a sentence about it.
  var progress: (String) -> Void = { _ in }

  /// A metric's figure with what it was measured on.
  struct Measured {
    let metric: String
    let figure: Figure
    let samples: Int
  }

  /// All figures, over at most `count` samples.
  ///
  /// - Throws: the dataset's error about a sample.
  func figures(count: Int) throws -> [Measured] {
    let resolution = networks.resolution
    let parts = resolution.experiment.reports.metrics.compactMap { resolution.parts[$0.path] }
    let (ofBatches, ofModel) = (started(parts), try startedOnModel(parts))
    let set = try EvaluationSet(networks, count: count)
    var done = 0
    try set.forEachBatch { batch in
      let values = StepValues.sampling(
        networks, batch.values, number: batch.number,
        mode: resolution.experiment.reports.sampleMode)
      for (part, measurement) in ofBatches { measurement.add(values.inputs(part.bindings)) }
      // One sample at a time, for each may ask for hundreds of images.
      let samples = batch.values.tensors.values.first?.shape.first ?? 0
      for sample in 0..<samples {
        let fields = batch.values.map { $1.sliced(axis: 0, from: sample, to: sample + 1) }
        for (_, measurement) in ofModel { measurement.add(fields) }
        done += 1
        progress("\(done) of \(set.count) samples measured")
      }
    }
    return (ofBatches + ofModel).flatMap { part, measurement in
      measurement.figures.map { Measured(metric: part.part.use, figure: $0, samples: set.count) }
    }
  }

  private typealias Running = (part: ResolvedPart, measurement: any Measurement)

  private func started(_ parts: [ResolvedPart]) -> [Running] {
    parts.compactMap { part in
      (networks.components[part.path] as? any Metric).map { (part, $0.measurement()) }
    }
  }

  private func startedOnModel(_ parts: [ResolvedPart]) throws -> [Running] {
    let metrics = parts.compactMap { part in
      (networks.components[part.path] as? any ModelMetric).map { (part, $0) }
    }
    guard !metrics.isEmpty else { return [] }
    let model = try LoadedModel(networks)
    return metrics.map { ($0, $1.measurement(of: model)) }
  }
}
