import PluginAPI

extension LoadedModel {
  /// Makes images one at a time; the first is left out, which takes memory and plans.
  ///
  /// The clock runs only while the model works: samples are read and decoded besides.
  /// - Parameter set: the samples that images are made of, one each.
  /// - Returns: images a second.
  /// - Throws: the dataset's error about a sample.
  func imagesPerSecond(on set: EvaluationSet) throws -> Double {
    var time = Duration.zero
    var made = -1
    try set.forEachBatch { batch in
      for index in 0..<(batch.values.tensors.values.first?.shape.first ?? 0) {
        let fields = batch.values.map { $1.sliced(axis: 0, from: index, to: index + 1).evaluated() }
        let duration = ContinuousClock().measure {
          _ = generated(from: fields, [:], seed: UInt64(made + 1))
        }
        if made >= 0 { time += duration }
        made += 1
      }
    }
    return Double(max(made, 0)) / max(Reporter.seconds(time), 1e-9)
  }
}
