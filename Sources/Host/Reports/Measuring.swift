import PluginAPI

/// Measures an experiment's metrics on the validation split.
struct Measuring {
  let networks: Networks
  /// Called as samples are done, with a sentence about it.
  var progress: (String) -> Void = { _ in }
  /// Called once, as soon as every metric has given a figure, with the names of the figures.
  var named: ([String]) throws -> Void = { _ in }

  /// A metric's figure with what it was measured on and seen through.
  struct Measured {
    let metric: String
    let figure: Figure
    let samples: Int
    let networks: [FeatureNetwork]

    /// What is noted of it.
    var json: JSONValue {
      [
        "name": JSONValue(figure.name), "value": JSONValue(figure.value),
        "isBetterHigher": JSONValue(figure.isBetterHigher), "metric": JSONValue(metric),
        "samples": JSONValue(samples), "networks": JSONValue(networks.map(\.json)),
      ]
    }
  }

  /// All figures, over at most `count` samples.
  ///
  /// - Throws: the dataset's error about a sample, or what `named` throws.
  func figures(count: Int) throws -> [Measured] {
    let resolution = networks.resolution
    let parts = resolution.experiment.reports.metrics.compactMap { resolution.parts[$0.path] }
    let (ofBatches, ofModel) = (started(parts), try startedOnModel(parts))
    let set = try EvaluationSet(networks, count: count)
    var done = 0
    var isNamed = false
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
        if !isNamed, let names = names(ofBatches + ofModel) {
          try named(names)
          isNamed = true
        }
      }
    }
    return (ofBatches + ofModel).flatMap { part, measurement in
      let seen = networks.featureNetworks(of: part.path)
      return measurement.figures.map {
        Measured(metric: part.part.use, figure: $0, samples: set.count, networks: seen)
      }
    }
  }

  private typealias Running = (part: ResolvedPart, measurement: any Measurement)

  /// The names of the figures so far; nil while a metric has none.
  private func names(_ running: [Running]) -> [String]? {
    var names: [String] = []
    for (_, measurement) in running {
      let figures = measurement.figures
      if figures.isEmpty { return nil }
      names += figures.map(\.name)
    }
    return names
  }

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
