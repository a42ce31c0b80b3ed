import PluginAPI

/// The image at several sizes, each half the one before, largest first.
///
/// Maps of numbers (images, class planes, masks) are averaged:
///
///     pooling: average3     3×3 windows, stride 2, padding 1 that is not counted: sides ⌈n/2⌉
///     pooling: average2     2×2 windows, stride 2: sides ⌊n/2⌋
///
/// Label and instance maps are resized by nearest neighbour, so that they stay integers.
///
/// - Source: average3 is that of arXiv:1711.11585's public code.
struct Pyramid: View {
  /// The window over which neighbours are averaged.
  enum Pooling: String, CaseIterable, HyperparameterValue { case average3, average2 }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Number of sizes, the full one included.", in: 1...8)
    var scales = 2
    @Hyperparameter("How a map is halved: windows of 3×3 or of 2×2 pixels.")
    var pooling = Pooling.average3
  }

  static func seen(_ port: Port, _ hyperparameters: Hyperparameters) -> Port {
    guard hyperparameters.scales > 1 else { return port }
    let round = hyperparameters.pooling == .average3 ? 1 : 0
    let smallest = (1..<hyperparameters.scales)
      .reduce(port.shortestSide) { side, _ in side.map { ($0 + round) / 2 } }
    var port = port  // the views differ in size
    port.attributes["smallest"] = smallest
    port.attributes["height"] = nil
    port.attributes["width"] = nil
    return port
  }

  private let scales: Int
  private let pooling: Pooling

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    scales = hyperparameters.scales
    pooling = hyperparameters.pooling
  }

  func callAsFunction(_ map: Tensor, of port: Port, _ inputs: Values) -> [Tensor] {
    var views = [map]
    for _ in 1..<scales { views.append(half(views[views.count - 1], isLabels: map.rank == 3)) }
    return views
  }

  private func half(_ map: Tensor, isLabels: Bool) -> Tensor {
    if isLabels {
      let round = pooling == .average3 ? 1 : 0
      let size = Size2((map.shape[1] + round) / 2, (map.shape[2] + round) / 2)
      return resizeNearest(map.expandedDims(3), to: size).squeezed(3)
    }
    return switch pooling {
    case .average3: avgPool2d(map, kernel: 3, stride: 2, padding: 1, countsPadding: false)
    case .average2: avgPool2d(map, kernel: 2, stride: 2)
    }
  }
}
