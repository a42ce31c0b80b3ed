import PluginAPI

/// Negative log likelihood of the label map under class scores, mean over pixels.
///
///     loss = −mean log softmax(scores)[label]
struct SegmentationCrossEntropy: Loss {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.map("segmentation", .segmentation), .labelMap("labels")]
  }

  /// - Throws: `ConfigurationError` when the scores are of fewer classes than the labels.
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) throws {
    let scored = try context.size("classes", of: "segmentation")
    let labelled = try context.size("classes", of: "labels")
    guard scored >= labelled else {
      throw ConfigurationError("the scores are of \(scored) classes, the label map has \(labelled)")
    }
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let scores = inputs["segmentation"]  // [N, H, W, K]
    let planes = inputs["labels"].oneHot(classes: scores.shape[3])
    return -(scores.logSoftmax(axis: 3) * planes).sum(axes: [3]).mean()
  }
}
