import PluginAPI

/// Judges overlapping patches, all with the same weights.
///
/// Maps `[N, H, W, in]` to a map of logits `[N, H', W', out]`. With n strided convolutions
/// after which come two without stride, a logit sees a patch of 16, 34, 70, 142 or 286 pixels for n
/// from 1 to 5. For n = 0 all kernels are 1×1 and a logit sees one pixel.
///
/// - Source: arXiv:1611.07004, appendix 6.1.2, with the details of its authors' PyTorch code.
struct PatchGAN: Module {
  let steps: [PatchStep]
  /// All verdicts, that of the whole last.
  let head: Conv2d

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - inChannels: channels of what is judged.
  ///   - outChannels: verdicts of the head.
  ///   - width: channels of the first layer, doubled up to 8 times that.
  ///   - strided: the number of layers with stride 2.
  ///   - padding: rows and columns added around the input of each 4×4 convolution.
  ///   - norm: of all layers but the first and the head.
  init(
    _ inChannels: Int, _ outChannels: Int, width: Int, strided: Int, padding: Size2 = 1,
    norm: PatchNorm
  ) {
    let isPixel = strided == 0
    func convolution(_ from: Int, _ to: Int, stride: Size2, bias: Bool) -> Conv2d {
      Conv2d(
        from, to, kernel: isPixel ? 1 : 4, stride: stride, padding: isPixel ? 0 : padding,
        bias: bias, initial: initialWeight, initialBias: .zeros)
    }
    func step(_ index: Int, stride: Size2) -> PatchStep {
      let (from, to) = (width * min(1 << (index - 1), 8), width * min(1 << index, 8))
      return norm.step({ convolution(from, to, stride: stride, bias: $0) }, channels: to)
    }
    let first = PatchStep(
      conv: convolution(inChannels, width, stride: isPixel ? 1 : 2, bias: true), norm: nil)
    let last = max(strided, 1)
    steps = [first] + (1..<last).map { step($0, stride: 2) } + [step(last, stride: 1)]
    let inner = width * min(1 << last, 8)
    // Where patches are pixels, a head before which stands batch norm has no bias, as published.
    head = convolution(inner, outChannels, stride: 1, bias: norm == .instance || !isPixel)
  }

  /// The output of every step.
  func features(_ x: Tensor, in context: CallContext) -> [Tensor] {
    var outputs: [Tensor] = []
    for step in steps { outputs.append(step(outputs.last ?? x, in: context)) }
    return outputs
  }

  /// The verdicts on the last step's output.
  func verdicts(_ features: Tensor) -> Tensor { head(features) }
}
