import PluginAPI

/// Normalises each sample over height, width and channels together.
///
///     y = weight · (x − mean) / (standard deviation + 1e-3) + bias
///
/// One scale and one offset for the whole layer, `[1]` each; the standard deviation is the biased one.
/// The same in training and inference. The authors call it instance normalisation, after the layer of
/// keras-contrib, whose default axis makes it this.
struct SampleNorm: Layer {
  let weight = Parameter([1], initial: .ones)
  let bias = Parameter([1], initial: .zeros)

  /// Normalises `x [N, H, W, C]`.
  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    let centred = x - x.mean(axes: [1, 2, 3], keepingDims: true)
    let deviation = centred.square().mean(axes: [1, 2, 3], keepingDims: true).sqrt()
    return weight.value * centred / (deviation + 1e-3) + bias.value
  }
}
