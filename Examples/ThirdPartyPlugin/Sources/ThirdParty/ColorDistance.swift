import PluginAPI

/// Distance between the mean colours of generated and of target images, from 0 to 2.
///
/// Batches are added one after the other; the figure is that of all of them.
struct ColorDistance: Metric {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func measurement() -> any Measurement { Running() }

  private final class Running: Measurement {
    private var sum = 0.0
    private var count = 0

    func add(_ inputs: Values) {
      let difference = inputs["generated"] - inputs["target"]
      let colors = difference.mean(axes: [1, 2]).abs().mean(axes: [1])  // [N]
      for distance in colors.scalars() { sum += Double(distance) }
      count += colors.count
    }

    var figures: [Figure] {
      guard count > 0 else { return [] }
      return [Figure("color-distance", sum / Double(count), isBetterHigher: false)]
    }
  }
}
