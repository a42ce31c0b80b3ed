import PluginAPI

/// A map whose values must not be mixed (labels, instances, planes, edges, masks) at another side.
///
/// Nearest neighbour: new pixel i shows old pixel `floor(i · old / new)`.
struct ResizeLabels: Adapter {
  private static let kinds: Set<Port.Kind> = [
    .labelMap, .instanceMap, .classPlanes, .edges, .mask,
  ]

  static func adapted(_ provider: Port, for consumer: Port) -> Port? {
    guard kinds.contains(provider.kind), provider.kind == consumer.kind,
      provider.serves(consumer), provider.agrees(with: consumer),
      let size = provider.size(wantedBy: consumer), size != provider.size
    else { return nil }
    return provider.resized(to: size, for: consumer)
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, from provider: Port, to result: Port) -> Values {
    let map = inputs[provider.name]
    guard let size = result.size else { return [result.name: map] }
    let isLabels = map.rank == 3  // [N, H, W]
    let resized = resizeNearest(isLabels ? map.expandedDims(3) : map, to: size)
    return [result.name: isLabels ? resized.squeezed(3) : resized]
  }
}
