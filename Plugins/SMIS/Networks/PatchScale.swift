import PluginAPI

/// Judges patches of an image beside its labels, at one size.
///
/// Five convolutions of side 4 with padding 2, three of them with stride. The first and the last
/// have a bias and no norm, nor, as published, spectral norm.
///
/// - Source: arXiv:1903.07291, appendix A.
package struct PatchScale: Module {
  let first: any Layer
  let inner: [PatchStep]
  let head: any Layer

  package init(_ inChannels: Int, _ outChannels: Int, width: Int, spectral: Spectral) {
    func conv(_ before: Int, _ after: Int, stride: Int, bias: Bool) -> Conv2d {
      convolution(before, after, kernel: 4, stride: stride, padding: 2, bias: bias)
    }
    first = normalized(conv(inChannels, width, stride: 2, bias: true), spectral == .all)
    inner = [(1, 2), (2, 2), (4, 1)].map { factor, stride in
      let (before, after) = (width * factor, width * factor * 2)
      return PatchStep(
        conv: normalized(
          conv(before, after, stride: stride, bias: false), spectral != .none),
        norm: InstanceNorm2d(after))
    }
    head = normalized(conv(8 * width, outChannels, stride: 1, bias: true), spectral == .all)
  }

  /// Looks at an image.
  ///
  /// - Parameters:
  ///   - parts: what the first convolution sees, as parts `[N, H, W, c]` of its channels; planes of
  ///     labels in a part of their own stay unwritten.
  ///   - context: training or inference.
  /// - Returns: the outputs of the first four layers.
  package func features(_ parts: [Tensor], in context: CallContext) -> [Tensor] {
    let (weight, bias) = firstWeights(in: context)
    var start = 0
    var sum: Tensor?
    for part in parts {
      let end = start + part.shape[3]
      let y = conv2d(
        part, weight.sliced(axis: 1, from: start, to: end), bias: start == 0 ? bias : nil,
        stride: 2, padding: 2)
      sum = sum.map { $0 + y } ?? y
      start = end
    }
    precondition(
      start == weight.shape[1], "[PatchScale] \(start) channels, expected \(weight.shape[1])")
    var outputs = sum.map { [$0.leakyRelu(slope)] } ?? []
    for step in inner { outputs.append(step(outputs[outputs.count - 1], in: context)) }
    return outputs
  }

  /// What the first convolution is made of, divided where it is.
  private func firstWeights(in context: CallContext) -> (weight: Tensor, bias: Tensor?) {
    switch first {
    case let conv as Conv2d: return (conv.weight.value, conv.bias?.value)
    case let conv as SpectralNorm:
      return (conv.normalizedWeight(in: context), conv.bias?.value)
    default: preconditionFailure("[PatchScale] the first layer is no convolution")
    }
  }

  /// The logits of the last features.
  package func judge(_ last: Tensor, in context: CallContext) -> Tensor { head(last, in: context) }
}

/// Convolution, instance norm, leaky ReLU.
struct PatchStep: Module {
  let conv: any Layer
  let norm: InstanceNorm2d

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    norm(conv(x, in: context)).leakyRelu(slope)
  }
}
