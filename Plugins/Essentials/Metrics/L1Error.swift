import PluginAPI

/// Mean absolute difference of generated from target images, both in -1...1.
struct L1Error: Metric {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) -> [Port] {
    imagePair
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func measurement() -> any Measurement { Running() }

  private final class Running: Measurement {
    private var sum = 0.0
    private var count = 0

    func add(_ inputs: Values) {
      let error = (inputs["generated"] - inputs["target"]).abs().mean(axes: [1, 2, 3])  // [N]
      for value in error.scalars() { sum += Double(value) }
      count += error.count
    }

    var figures: [Figure] {
      count == 0 ? [] : [Figure("l1", sum / Double(count), isBetterHigher: false)]
    }
  }
}
