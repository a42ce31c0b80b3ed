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

  /// Chooses `count` samples of a split, or all when there are fewer.
  ///
  /// - Throws: the dataset's error.
  init(_ dataset: any Dataset, split: Split, count: Int, batchSize: Int = 16) throws {
    self.dataset = dataset
    self.split = split
    self.batchSize = batchSize
    let all = try dataset.count(of: split)
    var generator = SplitMix(seed: 0)
    indices = Array((0..<all).shuffled(using: &generator).prefix(count))
  }

  /// The number of samples.
  var count: Int { indices.count }

  /// The set in batches, in a fixed order.
  ///
  /// - Throws: the dataset's error about a sample.
  func batches() throws -> [Batch] {
    var batches: [Batch] = []
    for first in stride(from: 0, to: indices.count, by: batchSize) {
      let samples = try indices[first..<min(first + batchSize, indices.count)].map { index in
        var random = RandomStream(seed: 0, stream: "evaluation", step: index)
        return try dataset.sample(index, of: split, using: &random)
      }
      let fields = try BatchLoader.stacked(samples)
      let values = Values(fields.mapValues { Tensor($0.values, $0.shape) })
      batches.append(Batch(number: batches.count, values: values))
    }
    return batches
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
        isTraining: mode == .training, updatesBuffers: false, isSampling: true, stream: "samples",
        step: number))
  }
}
