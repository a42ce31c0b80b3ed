import PluginAPI

/// Class planes from a label map.
///
///     planes[n, y, x, k] = 1 where labels[n, y, x] = k, else 0
///
/// `[N, H, W]` becomes `[N, H, W, K]`; where the consumer wants another side, the labels are
/// resized by nearest neighbour first.
struct OneHot: Adapter {
  static func adapted(_ provider: Port, for consumer: Port) -> Port? {
    guard provider.kind == .labelMap, consumer.kind == .classPlanes, provider.serves(consumer),
      provider.agrees(with: consumer), let classes = provider["classes"] ?? consumer["classes"]
    else { return nil }
    let size = provider.size(wantedBy: consumer)
    return .map(
      consumer.name, .classPlanes, classes: classes, height: size?.height, width: size?.width,
      role: provider.role)
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, from provider: Port, to result: Port) -> Values {
    guard let classes = result["classes"] else {
      preconditionFailure("[one-hot] the number of classes of \(result) is not known")
    }
    var labels = inputs[provider.name]  // [N, H, W]
    if let size = result.size, size != Size2(labels.shape[1], labels.shape[2]) {
      labels = resizeNearest(labels.expandedDims(3), to: size).squeezed(3)
    }
    return [result.name: labels.oneHot(classes: classes)]
  }
}
