import PluginAPI

/// A label map as a grey picture, for what translates pictures: class 0 black, the last one white.
///
///     image[n, y, x, :] = 2 · labels[n, y, x] / (classes − 1) − 1
///
/// The host inserts an adapter where nothing fits directly and exactly one adapter does. `adapted`
/// says what it would make for a consumer; it must not promise what the consumer did not ask for.
struct GreyLabels: Adapter {
  static func adapted(_ provider: Port, for consumer: Port) -> Port? {
    guard provider.kind == .labelMap, consumer.kind == .image, consumer.role == .source,
      provider["classes"] != nil, consumer["channels"] ?? 3 == 3,
      ["height", "width"].allSatisfy({
        consumer[$0] == nil || consumer[$0] == provider[$0]
      })
    else { return nil }
    return .image(
      consumer.name, height: provider["height"], width: provider["width"], role: consumer.role)
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, from provider: Port, to result: Port) -> Values {
    let labels = inputs[provider.name].expandedDims(3)  // [N, H, W, 1]
    let most = Float(max((provider["classes"] ?? 2) - 1, 1))
    return [result.name: (2 * labels / most - 1).repeated(3, axis: 3)]
  }
}
