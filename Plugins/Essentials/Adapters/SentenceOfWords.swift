import PluginAPI

/// The sentence vector of a word sequence: the mean of its words.
///
///     sentence[n] = Σ over l < length[n] of words[n, l] / max(length[n], 1)
///
/// `features [N, L, C]` and `lengths [N]` become `[N, C]`; what lies past a caption's end does not
/// count. Differentiable.
struct SentenceOfWords: Adapter {
  static func adapted(_ provider: Port, for consumer: Port) -> Port? {
    guard provider.kind == .words, consumer.kind == .sentence, provider.serves(consumer),
      provider.agrees(with: consumer)
    else { return nil }
    return .sentence(consumer.name, size: provider["size"])
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, from provider: Port, to result: Port) -> Values {
    let words = inputs["\(provider.name).features"]  // [N, L, C]
    let lengths = inputs["\(provider.name).lengths"].expandedDims(1)  // [N, 1]
    let places = Tensor.range(words.shape[1]).expandedDims(0)  // [1, L]
    let isWord = (places .< lengths).expandedDims(2)  // [N, L, 1]
    return [result.name: (words * isWord).sum(axes: [1]) / maximum(lengths, Tensor(1))]
  }
}
