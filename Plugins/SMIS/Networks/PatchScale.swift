import PluginAPI

/// Judges patches of an image beside its labels, at one size.
///
/// Five convolutions of side 4 with padding 2, three of them with stride. The first and the last
/// have a bias and neither norm nor spectral norm.
///
/// - Source: arXiv:1903.07291, appendix A.
package struct PatchScale: Module {
  let first: Conv2d
  let inner: [PatchStep]
  let head: Conv2d

  package init(_ inChannels: Int, width: Int, spectral: Bool) {
    func conv(_ before: Int, _ after: Int, stride: Int, bias: Bool) -> Conv2d {
      convolution(before, after, kernel: 4, stride: stride, padding: 2, bias: bias)
    }
    first = conv(inChannels, width, stride: 2, bias: true)
    inner = [(1, 2), (2, 2), (4, 1)].map { factor, stride in
      let (before, after) = (width * factor, width * factor * 2)
      return PatchStep(
        conv: normalized(
          conv(before, after, stride: stride, bias: false), spectral: spectral),
        norm: InstanceNorm2d(after))
    }
    head = conv(8 * width, 1, stride: 1, bias: true)
  }

  /// Looks at an image.
  ///
  /// - Parameters:
  ///   - parts: what the first convolution sees, as parts `[N, H, W, c]` of its channels; planes of
  ///     labels in a part of their own stay unwritten.
  ///   - context: training or inference.
  /// - Returns: the outputs of the first four layers.
  package func features(_ parts: [Tensor], in context: CallContext) -> [Tensor] {
    var start = 0
    var sum: Tensor?
    for part in parts {
      let end = start + part.shape[3]
      let weight = first.weight.value.sliced(axis: 1, from: start, to: end)
      let bias = start == 0 ? first.bias?.value : nil
      let y = conv2d(part, weight, bias: bias, stride: 2, padding: 2)
      sum = sum.map { $0 + y } ?? y
      start = end
    }
    precondition(
      start == first.weight.shape[1],
      "[PatchScale] \(start) channels, expected \(first.weight.shape[1])")
    var outputs = sum.map { [$0.leakyRelu(slope)] } ?? []
    for step in inner { outputs.append(step(outputs[outputs.count - 1], in: context)) }
    return outputs
  }

  /// The logits of the last features.
  package func judge(_ last: Tensor) -> Tensor { head(last) }
}

/// Convolution, instance norm, leaky ReLU.
struct PatchStep: Module {
  let conv: any Layer
  let norm: InstanceNorm2d

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    norm(conv(x, in: context)).leakyRelu(slope)
  }
}
