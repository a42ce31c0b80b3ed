import PluginAPI

/// One level of the U-Net: a halving convolution and the doubling one that answers it.
struct UNetLevel: Module {
  /// Where a level lies; the ends lack some parts.
  enum Place {
    case outermost, between, innermost
  }

  let down: UNetDown
  let up: UNetUp

  init(
    inChannels: Int, inner: Int, outChannels: Int, place: Place, norm: Norm, dropout: Float,
    upsampling: Upsampling
  ) {
    down = UNetDown(
      conv: Conv2d(
        inChannels, inner, kernel: 4, stride: 2, padding: 1, bias: norm.keepsBias,
        initial: initialWeight, initialBias: .zeros),
      norm: place == .between ? norm.layer(inner) : nil,
      isOutermost: place == .outermost)
    up = UNetUp(
      conv: upsampling.layer(
        place == .innermost ? inner : 2 * inner, outChannels, transposedKernel: 4,
        bias: norm.keepsBias || place == .outermost),
      norm: place == .outermost ? nil : norm.layer(outChannels),
      dropout: Dropout(dropout))
  }
}

/// The way down through a level: leaky ReLU, convolution, norm.
struct UNetDown: Module {
  let conv: Conv2d
  let norm: (any Layer)?
  let isOutermost: Bool

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    let y = conv(isOutermost ? x : x.leakyRelu(0.2))
    return norm.map { $0(y, in: context) } ?? y
  }
}

/// The way up through a level: ReLU, doubling convolution, norm, dropout.
struct UNetUp: Module {
  let conv: DoublingConvolution
  let norm: (any Layer)?
  let dropout: Dropout

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    let y = conv(x.relu(), in: context)
    return dropout(norm.map { $0(y, in: context) } ?? y, in: context)
  }
}
