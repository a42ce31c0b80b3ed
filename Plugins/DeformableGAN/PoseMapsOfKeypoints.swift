import PluginAPI

/// One Gaussian a key point.
///
///     map[n, y, x, k] = exp(−((x − x_k)² + (y − y_k)²) / (2 · 6²)), 0 where the point is missing
///
/// Distances are in pixels of the map. Where the key points' image has another size, they are moved
/// along.
///
/// - Source: arXiv:1801.00055.
struct PoseMapsOfKeypoints: Adapter {
  static func adapted(_ provider: Port, for consumer: Port) -> Port? {
    guard provider.kind == .keypoints, consumer.kind == .poseMaps,
      consumer.role == nil || consumer.role == provider.role,
      let count = provider["count"], consumer["classes"] ?? count == count,
      let height = consumer["height"] ?? provider["height"],
      let width = consumer["width"] ?? provider["width"]
    else { return nil }
    return .map(
      consumer.name, .poseMaps, classes: count, height: height, width: width, role: provider.role)
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, from provider: Port, to result: Port) -> Values {
    guard let height = result["height"], let width = result["width"] else {
      preconditionFailure("[pose-maps] the size of \(result) is not known")
    }
    func points(_ axis: String, _ from: Int?, _ to: Int) -> (place: Tensor, isThere: Tensor) {
      let raw = inputs["\(provider.name).\(axis)"].reshaped([-1, 1, 1, provider["count"] ?? 1])
      return (raw * (Float(to) / Float(from ?? to)), raw .>= 0)
    }
    let (x, hasX) = points("x", provider["width"], width)
    let (y, hasY) = points("y", provider["height"], height)
    let across = Tensor.range(width).reshaped([1, 1, -1, 1]) - x
    let down = Tensor.range(height).reshaped([1, -1, 1, 1]) - y
    let maps = (-(across.square() + down.square()) / 72).exp()
    return [result.name: maps * hasX * hasY]
  }
}
