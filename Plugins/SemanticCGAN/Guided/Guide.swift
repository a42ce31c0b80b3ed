import PluginAPI

/// What says where a class is: guided verdicts of the class count there.
enum Guide: String, CaseIterable, HyperparameterValue {
  /// A label map: 1 on the class's pixels.
  case labels
  /// Key points: the Gaussian around each.
  case poses

  /// The port through which it comes.
  var port: Port {
    switch self {
    case .labels: .labelMap("labels")
    case .poses: .map("poses", .poseMaps, role: .target)
    }
  }

  /// One plane a class, `[N, height, width, K]` in 0...1, by nearest pixels.
  func planes(_ inputs: Values, classes: Int, at size: Size2) -> Tensor {
    switch self {
    case .labels:
      resizeNearest(inputs["labels"].expandedDims(3), to: size).squeezed(3)
        .oneHot(classes: classes)
    case .poses: resizeNearest(inputs["poses"], to: size)
    }
  }
}
