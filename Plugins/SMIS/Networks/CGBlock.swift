import PluginAPI

/// A residual block of conditional norms and grouped convolutions.
///
///     main     = conv1(act(norm1(conv0(act(norm0(x, m))), m)))
///     shortcut = x, or convS(normS(x, m)) where the number of channels changes
///
/// Maps `[N, H, W, in]` to `[N, H, W, out]`; min(in, out) channels between the convolutions.
///
/// - Source: arXiv:2003.12697, figure 4, which has ReLU where its authors' code has leaky ReLU.
package struct CGBlock: Module {
  let norm0: CGNormLayer
  let conv0: any Layer
  let norm1: CGNormLayer
  let conv1: any Layer
  let normS: CGNormLayer?
  let convS: (any Layer)?
  private let activation: BlockActivation

  package init(_ inChannels: Int, _ outChannels: Int, groups: Int, norms: CGNorm) {
    let isSpectral = norms.form.spectral != .none
    activation = norms.form.activation
    let middle = min(inChannels, outChannels)
    norm0 = norms.layer(inChannels, groups: groups)
    conv0 = normalized(convolution(inChannels, middle, groups: groups), isSpectral)
    norm1 = norms.layer(middle, groups: groups)
    conv1 = normalized(convolution(middle, outChannels, groups: groups), isSpectral)
    let changes = inChannels != outChannels
    normS = changes ? norms.layer(inChannels, groups: groups) : nil
    convS =
      changes
      ? normalized(
        convolution(inChannels, outChannels, kernel: 1, groups: groups, bias: false),
        isSpectral) : nil
  }

  /// Applies the block to `x` as `map [N, H', W', M]` tells.
  package func callAsFunction(_ x: Tensor, _ map: Tensor, in context: CallContext) -> Tensor {
    var shortcut = x
    if let normS, let convS { shortcut = convS(normS(x, map, in: context), in: context) }
    let y = conv0(activation(norm0(x, map, in: context)), in: context)
    return shortcut + conv1(activation(norm1(y, map, in: context)), in: context)
  }
}
