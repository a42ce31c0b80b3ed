import PluginAPI

/// Residual blocks at a low resolution, between halving and doubling convolutions.
///
/// Maps `[N, H, W, in]` to `[N, H, W, out]` in -1...1; without a last layer, to the `[N, H, W, width]`
/// features before it. Convolutions at full size and in the blocks reflect the image at its borders.
/// A code is spread over all places of the low resolution and joins the features there; the layer that
/// does this takes the place of the first block.
///
/// - Source: arXiv:1603.08155, with the details of the PyTorch code of arXiv:1703.10593; the code as in
///   that of arXiv:1901.09024.
struct ResNet: Module {
  let first: ConvolutionStep
  let down: [ConvolutionStep]
  /// Takes in the code, where there is one.
  let fusion: ConvolutionStep?
  let blocks: [ResidualBlock]
  let up: [ConvolutionStep]
  let last: Conv2d?

  init(
    _ inChannels: Int, _ outChannels: Int?, width: Int, halvings: Int, blocks count: Int,
    latentSize: Int = 0, norm: Norm, dropout: Float = 0, upsampling: Upsampling = .transposed
  ) {
    let widths = (0...halvings).map { width << $0 }
    first = ConvolutionStep(
      Conv2d(
        inChannels, width, kernel: 7, padding: 3, paddingMode: .reflect, bias: norm.keepsBias,
        initial: initialWeight, initialBias: .zeros),
      norm.layer(width))
    down = (0..<halvings).map { level in
      ConvolutionStep(
        Conv2d(
          widths[level], widths[level + 1], kernel: 3, stride: 2, padding: 1, bias: norm.keepsBias,
          initial: initialWeight, initialBias: .zeros),
        norm.layer(widths[level + 1]))
    }
    let inner = widths[halvings]
    fusion =
      latentSize == 0
      ? nil
      : ConvolutionStep(
        Conv2d(
          inner + latentSize, inner, kernel: 3, padding: 1, bias: norm.keepsBias,
          initial: initialWeight, initialBias: .zeros),
        norm.layer(inner))
    blocks = (0..<(latentSize == 0 ? count : max(count - 1, 0))).map { _ in
      ResidualBlock(width << halvings, norm: norm, dropout: dropout)
    }
    up = (0..<halvings).reversed().map { level in
      ConvolutionStep(
        upsampling.layer(
          widths[level + 1], widths[level], transposedKernel: 3, bias: norm.keepsBias),
        norm.layer(widths[level]))
    }
    last = outChannels.map { outChannels in
      Conv2d(
        width, outChannels, kernel: 7, padding: 3, paddingMode: .reflect, initial: initialWeight,
        initialBias: .zeros)
    }
  }

  /// Maps `x`, with a code `z [N, size]` where the network was made for one.
  func callAsFunction(_ x: Tensor, _ z: Tensor? = nil, in context: CallContext) -> Tensor {
    var y = first(x, in: context)
    for step in down { y = step(y, in: context) }
    if let fusion, let z {
      let spread = z.reshaped([z.shape[0], 1, 1, z.shape[1]])
        .broadcast(to: Array(y.shape.dropLast()) + [z.shape[1]])
      y = fusion(.concatenated([y, spread], axis: 3), in: context)
    }
    for block in blocks { y = block(y, in: context) }
    for step in up { y = step(y, in: context) }
    return last.map { $0(y).tanh() } ?? y
  }
}

/// Two convolutions beside an identity.
struct ResidualBlock: Module {
  let first: ConvolutionStep
  let dropout: Dropout
  let second: Conv2d
  let norm: any Layer

  init(_ channels: Int, norm: Norm, dropout: Float = 0) {
    func convolution() -> Conv2d {
      Conv2d(
        channels, channels, kernel: 3, padding: 1, paddingMode: .reflect, bias: norm.keepsBias,
        initial: initialWeight, initialBias: .zeros)
    }
    first = ConvolutionStep(convolution(), norm.layer(channels))
    self.dropout = Dropout(dropout)
    second = convolution()
    self.norm = norm.layer(channels)
  }

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    let y = dropout(first(x, in: context), in: context)
    return x + norm(second(y), in: context)
  }
}

/// Convolution, norm, ReLU.
struct ConvolutionStep: Module {
  let conv: any Layer
  let norm: any Layer

  init(_ conv: any Layer, _ norm: any Layer) {
    self.conv = conv
    self.norm = norm
  }

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    norm(conv(x, in: context), in: context).relu()
  }
}

extension Size2 {
  /// Checks that both sides can be halved so often that at least 2 pixels are left, and that there
  /// is enough to reflect.
  ///
  /// - Throws: `ConfigurationError` where they can't.
  func checkHalvings(_ halvings: Int, atLeast reflected: Int = 4) throws {
    let factor = 1 << halvings
    let least = max(2 * factor, reflected)
    guard height % factor == 0, width % factor == 0, min(height, width) >= least else {
      throw ConfigurationError(
        "\(height)x\(width) images cannot be halved \(halvings) times to 2 pixels or more; sides "
          + "that are multiples of \(least) would do")
    }
  }
}
