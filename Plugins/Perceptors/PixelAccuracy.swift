import PluginAPI

/// Share of label pixels that a segmenter reads back from the generated images.
///
/// The same share on the real images stands beside it: no generator can be expected to pass it by
/// much, for there the segmenter itself errs.
struct PixelAccuracy: Metric {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The segmenter; usually one of the experiment's perceptors, by path.", slot: .perceptor)
    var segmenter = ComponentReference("perceptors.segmenter")
  }

  private let segmenter: any Perceptor

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [
      .image("generated", role: .generated), .image("target", role: .target), .labelMap("labels"),
    ]
  }

  /// - Throws: `ConfigurationError` when the slot holds no perceptor.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    segmenter = try context.build(hyperparameters.segmenter, as: (any Perceptor).self)
  }

  func measurement() -> any Measurement { Running(segmenter) }

  private final class Running: Measurement {
    private let segmenter: any Perceptor
    private var right = (generated: 0.0, real: 0.0)
    private var pixels = 0

    init(_ segmenter: any Perceptor) { self.segmenter = segmenter }

    func add(_ inputs: Values) {
      let labels = inputs["labels"]
      right.generated += count(inputs["generated"], labels)
      right.real += count(inputs["target"], labels)
      pixels += labels.count
    }

    private func count(_ image: Tensor, _ labels: Tensor) -> Double {
      let context = CallContext(
        training: false, updatesBuffers: false, seed: 0, stream: "pixel-accuracy", step: 0)
      let scores = segmenter(["image": image], in: context)["segmentation"]
      // Scores that are no numbers have a largest one all the same; the figure must not hide it.
      let right = (scores.argmax(axis: 3) .== labels).sum() + 0 * scores.sum()
      return Double(right.item())
    }

    var figures: [Figure] {
      guard pixels > 0 else { return [] }
      return [
        Figure("pixel-accuracy", right.generated / Double(pixels), isBetterHigher: true),
        Figure("pixel-accuracy-real", right.real / Double(pixels), isBetterHigher: true),
      ]
    }
  }
}
