import PluginAPI

/// Halves an image again and again; every size serves as a skip connection.
struct PoseEncoder: Module {
  let first: Conv2d
  let blocks: [HalvingBlock]

  /// Creates an encoder; `widths` are the channels at each size, the largest first.
  init(_ inChannels: Int, widths: [Int], norm: NormKind) {
    first = Conv2d(
      inChannels, widths[0], kernel: 3, padding: 1, initial: .xavierUniform(), initialBias: .zeros)
    blocks = (1..<widths.count).map { level in
      HalvingBlock(
        widths[level - 1], widths[level], norm: level < widths.count - 1 ? norm : nil)
    }
  }

  /// The features at each size, the largest first.
  func callAsFunction(_ x: Tensor, in context: CallContext) -> [Tensor] {
    var levels = [first(x)]
    for block in blocks { levels.append(block(levels[levels.count - 1], in: context)) }
    return levels
  }
}

/// Leaky ReLU, a convolution of stride 2, and a norm.
struct HalvingBlock: Module {
  let conv: Conv2d
  let norm: SampleNorm?

  init(_ inChannels: Int, _ outChannels: Int, norm: NormKind?) {
    conv = Conv2d(
      inChannels, outChannels, kernel: 4, stride: 2, padding: 1, bias: false,
      initial: .xavierUniform())
    self.norm = norm.map { SampleNorm($0, outChannels) }
  }

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    let y = conv(x.leakyRelu(0.2))
    return norm.map { $0(y, in: context) } ?? y
  }
}

/// ReLU, a transposed convolution of stride 2, a norm and dropout.
struct DoublingBlock: Module {
  let conv: ConvTransposed2d
  let norm: SampleNorm
  let dropout: Dropout

  init(_ inChannels: Int, _ outChannels: Int, norm: NormKind, dropout: Float) {
    conv = ConvTransposed2d(
      inChannels, outChannels, kernel: 4, stride: 2, padding: 1, bias: false,
      initial: .xavierUniform())
    self.norm = SampleNorm(norm, outChannels)
    self.dropout = Dropout(dropout)
  }

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    dropout(norm(conv(x.relu()), in: context), in: context)
  }
}
