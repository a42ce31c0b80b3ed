import PluginAPI

/// Samples that never change: the same conditions and draws in every report and every run that
/// shares the dataset.
final class EvaluationSet {
  /// One part of the set, small enough to generate at once.
  struct Batch {
    let number: Int
    let values: Values
  }

  private let dataset: any Dataset
  private let split: Split
  private let indices: [Int]
  private let batchSize: Int

  /// Chooses `count` validation samples, or all when there are fewer.
  ///
  /// Where networks behave as in training, batches are as large as there, because samples of one
  /// batch share its statistics.
  /// - Throws: the dataset's error, or a `ConfigurationError` for an empty split.
  init(_ networks: Networks, count: Int) throws {
    let experiment = networks.resolution.experiment
    dataset = networks.part("dataset", as: (any Dataset).self)
    split = .validation
    batchSize =
      experiment.reports.sampleMode == .training ? experiment.training.batchSize : 16
    let all = try dataset.count(of: split)
    guard all > 0 else {
      throw ConfigurationError(
        "\(experiment.dataset.use) has no validation samples, which reports are made of")
    }
    var generator = SplitMix(seed: 0)
    indices = Array((0..<all).shuffled(using: &generator).prefix(count))
  }

  /// The number of samples.
  var count: Int { indices.count }

  /// Calls `body` with one batch after the other, in a fixed order.
  ///
  /// - Throws: the dataset's error about a sample, or what `body` throws.
  func forEachBatch(_ body: (Batch) throws -> Void) throws {
    for (number, first) in stride(from: 0, to: indices.count, by: batchSize).enumerated() {
      let samples = try indices[first..<min(first + batchSize, indices.count)].map { index in
        var random = RandomStream(seed: 0, stream: "evaluation", step: index)
        return try dataset.sample(index, of: split, using: &random)
      }
      let fields = try BatchLoader.stacked(samples)
      let values = Values(fields.mapValues { Tensor($0.values, $0.shape) })
      try body(Batch(number: number, values: values))
    }
  }
}

extension StepValues {
  /// The values one samples with: no history, no buffer moves, training-only encoders replaced.
  /// `number` keys the draws; `mode` says whether batch statistics and dropout stay on.
  static func sampling(
    _ networks: Networks, _ batch: Values, number: Int, mode: Experiment.SampleMode
  ) -> StepValues {
    StepValues(
      networks, batch: batch,
      mode: Mode(
        isTraining: mode == .training, updatesBuffers: false, isSampling: true, seed: 0,
        stream: "samples",
        step: number))
  }
}
