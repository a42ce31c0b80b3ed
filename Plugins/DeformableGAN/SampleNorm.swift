import PluginAPI

/// What the norms of this plugin take together.
enum NormKind: String, CaseIterable, HyperparameterValue {
  /// All channels of a sample, with one scale and one offset: the published code.
  case sample
  /// Each channel of a sample by itself, with a scale and an offset of its own: the printed word.
  case instance
}

/// Normalises each sample over height and width, and over all channels together or each by itself.
///
///     y = weight · (x − mean) / (standard deviation + 1e-3) + bias
///
/// One scale and one offset for the whole layer, `[1]` each, or one a channel, `[C]` each; the standard
/// deviation is the biased one. The same in training and inference. The paper says instance
/// normalisation; the layer of keras-contrib that its authors call takes channels together by default.
struct SampleNorm: Layer {
  let weight: Parameter
  let bias: Parameter
  private let axes: [Int]

  init(_ kind: NormKind, _ channels: Int) {
    let scales = kind == .sample ? 1 : channels
    weight = Parameter([scales], initial: .ones)
    bias = Parameter([scales], initial: .zeros)
    axes = kind == .sample ? [1, 2, 3] : [1, 2]
  }

  /// Normalises `x [N, H, W, C]`.
  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    let centred = x - x.mean(axes: axes, keepingDims: true)
    let deviation = centred.square().mean(axes: axes, keepingDims: true).sqrt()
    return weight.value * centred / (deviation + 1e-3) + bias.value
  }
}
