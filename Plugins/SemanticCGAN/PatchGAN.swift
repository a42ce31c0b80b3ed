import PluginAPI

/// Judges overlapping patches, all with the same weights.
///
/// Maps `[N, H, W, in]` to a map of logits `[N, H', W', out]`. With n strided convolutions after
/// which come two without stride, a logit sees a patch of 16, 34, 70, 142 or 286 pixels for n from
/// 1 to 5. For n = 0 all kernels are 1×1 and a logit sees one pixel.
///
/// - Source: arXiv:1611.07004, appendix 6.1.2, with the details of its authors' PyTorch code.
struct PatchGAN: Module {
  let steps: [PatchStep]
  let head: Conv2d

  init(_ inChannels: Int, _ outChannels: Int = 1, width: Int, strided: Int, norm: Norm) {
    let isPixel = strided == 0
    let kernel: Size2 = isPixel ? 1 : 4
    let padding: Size2 = isPixel ? 0 : 1
    func step(_ index: Int, stride: Size2) -> PatchStep {
      let channels = (width * min(1 << (index - 1), 8), width * min(1 << index, 8))
      return PatchStep(
        conv: Conv2d(
          channels.0, channels.1, kernel: kernel, stride: stride, padding: padding,
          bias: norm.keepsBias, initial: initialWeight, initialBias: .zeros),
        norm: norm.layer(channels.1))
    }
    let first = PatchStep(
      conv: Conv2d(
        inChannels, width, kernel: kernel, stride: isPixel ? 1 : 2, padding: padding,
        initial: initialWeight, initialBias: .zeros),
      norm: nil)
    let last = max(strided, 1)
    steps = [first] + (1..<last).map { step($0, stride: 2) } + [step(last, stride: 1)]
    head = Conv2d(
      width * min(1 << last, 8), outChannels, kernel: kernel, padding: padding,
      bias: norm.keepsBias || !isPixel, initial: initialWeight, initialBias: .zeros)
  }

  /// The output of every step.
  func features(_ x: Tensor, in context: CallContext) -> [Tensor] {
    var outputs: [Tensor] = []
    for step in steps { outputs.append(step(outputs.last ?? x, in: context)) }
    return outputs
  }
}

/// Convolution, norm, leaky ReLU.
struct PatchStep: Module {
  let conv: Conv2d
  let norm: (any Layer)?

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    let y = conv(x)
    return (norm.map { $0(y, in: context) } ?? y).leakyRelu(0.2)
  }
}
