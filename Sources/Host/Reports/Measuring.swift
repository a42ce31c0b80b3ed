import PluginAPI

/// Measures an experiment's metrics on the validation split.
struct Measuring {
  let networks: Networks

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
    let running = parts.map {
      ($0, networks.part($0.path, as: (any Metric).self).measurement())
    }
    let set = try EvaluationSet(networks, count: count)
    try set.forEachBatch { batch in
      let values = StepValues.sampling(
        networks, batch.values, number: batch.number,
        mode: resolution.experiment.reports.sampleMode)
      for (part, measurement) in running { measurement.add(values.inputs(part.bindings)) }
    }
    return running.flatMap { part, measurement in
      measurement.figures.map { Measured(metric: part.part.use, figure: $0, samples: set.count) }
    }
  }
}
