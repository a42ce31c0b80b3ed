import PluginAPI

/// What both metrics of a segmenter are set with.
struct SegmentationMetricSettings: HyperparameterSet {
  @Hyperparameter(
    "The segmenter; usually one of the experiment's perceptors, by path.", slot: .perceptor)
  var segmenter = ComponentReference("perceptors.segmenter")
  @Hyperparameter("Classes whose pixels do not count.", each: 0...1023)
  var ignored: [Int] = []
}

/// Share of label pixels that a segmenter reads back from the generated images.
///
/// The same share on the real images stands beside it: no generator can be expected to pass it by
/// much, for there the segmenter itself errs.
struct PixelAccuracy: Metric, Module {
  let segmenter: any Perceptor
  private let ignored: [Int]

  static func consumes(
    _ hyperparameters: SegmentationMetricSettings, in context: PortContext
  ) -> [Port] { ReadingBack.ports }

  /// - Throws: `ConfigurationError` when the slot holds nothing that reads classes.
  init(_ hyperparameters: SegmentationMetricSettings, in context: BuildContext) throws {
    segmenter = try ReadingBack.segmenter(hyperparameters.segmenter, in: context)
    ignored = hyperparameters.ignored
  }

  func measurement() -> any Measurement {
    ReadingBack("pixel-accuracy", segmenter, ignoring: ignored) { $0.accuracy }
  }
}

/// Mean intersection over union of label maps and what a segmenter reads in the generated images.
///
/// Counted over all pixels of all images, then averaged over the classes that occur. That of the
/// real images stands beside it.
struct MeanIntersectionOverUnion: Metric, Module {
  let segmenter: any Perceptor
  private let ignored: [Int]

  static func consumes(
    _ hyperparameters: SegmentationMetricSettings, in context: PortContext
  ) -> [Port] { ReadingBack.ports }

  /// - Throws: `ConfigurationError` when the slot holds nothing that reads classes.
  init(_ hyperparameters: SegmentationMetricSettings, in context: BuildContext) throws {
    segmenter = try ReadingBack.segmenter(hyperparameters.segmenter, in: context)
    ignored = hyperparameters.ignored
  }

  func measurement() -> any Measurement {
    ReadingBack("mean-iou", segmenter, ignoring: ignored) { $0.meanIntersectionOverUnion }
  }
}

/// A figure of how well generated images, and real ones, can be read.
final class ReadingBack: Measurement {
  static let ports: [Port] = [
    .image("generated", role: .generated), .image("target", role: .target), .labelMap("labels"),
  ]

  /// The part in a slot, which has to read the class of each pixel.
  ///
  /// - Throws: `ConfigurationError` when it is no perceptor, or one without `segmentation`.
  static func segmenter(
    _ slot: ComponentReference, in context: BuildContext
  ) throws -> any Perceptor {
    let provided = try context.ports.provided(by: slot).map(\.name)
    guard provided.contains("segmentation") else {
      throw ConfigurationError(
        "\(slot.use) gives no segmentation, only \(provided.joined(separator: ", "))")
    }
    return try context.build(slot, as: (any Perceptor).self)
  }

  private let name: String
  private let segmenter: any Perceptor
  private let figure: (Confusion) -> Double?
  private var generated: Confusion
  private var real: Confusion

  init(
    _ name: String, _ segmenter: any Perceptor, ignoring ignored: [Int],
    figure: @escaping (Confusion) -> Double?
  ) {
    self.name = name
    self.segmenter = segmenter
    self.figure = figure
    generated = Confusion(ignoring: ignored)
    real = generated
  }

  func add(_ inputs: Values) {
    generated.add(scores(of: inputs["generated"]), inputs["labels"])
    real.add(scores(of: inputs["target"]), inputs["labels"])
  }

  private func scores(of image: Tensor) -> Tensor {
    let context = CallContext(
      training: false, updatesBuffers: false, seed: 0, stream: name, step: 0)
    return segmenter(["image": image], in: context)["segmentation"]
  }

  var figures: [Figure] {
    guard let generated = figure(generated), let real = figure(real) else { return [] }
    return [
      Figure(name, generated, isBetterHigher: true),
      Figure("\(name)-real", real, isBetterHigher: true),
    ]
  }
}
