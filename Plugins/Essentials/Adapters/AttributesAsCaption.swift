import PluginAPI

/// A list of attributes read as a caption: each attribute is a word.
///
/// Both have the parts `tokens [N, L]` (0 = padding) and `lengths [N]`; only the names change.
struct AttributesAsCaption: Adapter {
  static func adapted(_ provider: Port, for consumer: Port) -> Port? {
    guard provider.kind == .attributeList, consumer.kind == .caption, provider.serves(consumer),
      provider.agrees(with: consumer)
    else { return nil }
    return .caption(
      consumer.name, vocabulary: provider["vocabulary"], maxLength: provider["maxLength"])
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, from provider: Port, to result: Port) -> Values {
    inputs.port(provider.name).renaming(provider.name, to: result.name)
  }
}
