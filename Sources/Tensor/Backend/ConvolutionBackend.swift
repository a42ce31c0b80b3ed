internal import COneDNN

/// Computes convolutions in their three directions, each by the algorithm that suits its shape.
///
/// The choice is a function of the geometry alone, never of a timing, so that runs repeat bit for bit.
/// Measured on one core of a CPU with AVX-512 (peak 120 GFLOP/s): the direct kernels reach 80 to 118 wherever at
/// least 16 channels meet at least 16, and 8 to 40 where an image has 1 to 6, for which window products reach 50
/// to 90. Winograd's method does what would take the direct kernels 200 to 310.
enum ConvolutionBackend {
  /// How one direction of a convolution is computed.
  enum Algorithm: Hashable {
    /// A kernel of oneDNN.
    case direct(DNNLConvolution.Method)
    /// A product with window rows, for few pixels, and for those that see one pixel each.
    case windows
    /// A product with window rows, for images with few channels.
    case fewChannels
    /// Products at the points of transformed tiles, for 4x4 kernels.
    case tiles
    /// One group after the other, each by Winograd's method, for few wide groups.
    case groups
  }

  static func algorithm(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction
  ) -> Algorithm {
    let single = singleAlgorithm(geometry, direction)
    guard Compute.precision == .bfloat16, Compute.multipliesBFloat16 else { return single }
    return gainsFromBFloat16(geometry, direction, single) ? .direct(.bfloat16) : single
  }

  /// Whether direct sums of bfloat16 numbers, at twice the multiplications a second, beat what single
  /// precision would do.
  private static func gainsFromBFloat16(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction, _ single: Algorithm
  ) -> Bool {
    switch single {
    case .direct(let method):
      let channels = min(geometry.inChannels, geometry.outChannels) / geometry.groups
      return method != .winograd && channels >= 8
    case .windows: return !hasFewPixels(geometry, direction)
    case .fewChannels: return geometry.kernel.height * geometry.kernel.width >= 49
    case .tiles: return geometry.stride != 1
    case .groups: return false
    }
  }

  private static func singleAlgorithm(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction
  ) -> Algorithm {
    if geometry.groups > 1 {
      let gains = hasWinograd && suitsWinograd(geometry.oneGroup, direction)
      return gains ? .groups : .direct(.channelsLast)
    }
    if hasFewPixels(geometry, direction) { return .windows }
    let (ins, outs) = (geometry.inChannels, geometry.outChannels)
    if geometry.isPointwise && min(ins, outs) >= 16 { return .windows }
    switch direction {
    case .forward, .weightGradient:
      if outs <= 6 && ins >= 16 && geometry.stride == 1 && geometry.kernel != 1 {
        return .fewChannels
      }
    case .inputGradient:
      if ins <= 6 && outs >= 16 && geometry.kernel != 1 { return .fewChannels }
    }

    if suitsWinograd(geometry, direction) { return .direct(.winograd) }
    // Toward the image, tiles overhang at its edges; a small gain is lost on them.
    let gain = direction == .inputGradient ? 2 : 1.7
    if min(ins, outs) >= 32,
      let tiles = TileConvolution(geometry, direction, atLeast: gain), tiles.tileCount >= 64
    {
      return .tiles
    }
    guard ins >= 16 && outs >= 16 && ins % 16 == 0 && outs % 16 == 0 else {
      return .direct(.channelsLast)
    }
    switch direction {
    case .forward: return .direct(.channelsLast)
    case .inputGradient:
      return .direct(outs >= 512 && geometry.kernel != 1 ? .blocked : .channelsLast)
    case .weightGradient: return .direct(geometry.stride != 1 ? .blocked : .channelsLast)
    }
  }

  /// Whether bringing the weights into another order would take longer than to multiply them as they are.
  private static func hasFewPixels(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction
  ) -> Bool {
    geometry.weightCount >= 1 << 18 && geometry.pixels <= (direction == .forward ? 64 : 256)
  }

  /// Whether there is a kernel for Winograd's method; without one a group alone gains nothing.
  static let hasWinograd = DNNL.has(dnnl_cpu_isa_avx512_core)

  /// Whether a 3x3 convolution gains more from fewer multiplications than it loses to rounding its sizes up:
  /// channels to multiples of 16, images to tiles of 4x4.
  private static func suitsWinograd(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction
  ) -> Bool {
    guard geometry.kernel == 3 && geometry.stride == 1 && geometry.dilation == 1 else {
      return false
    }
    let (ins, outs) = (geometry.inChannels, geometry.outChannels)
    let least = direction == .forward ? (16, 8) : direction == .inputGradient ? (8, 16) : (8, 8)
    if ins < least.0 || outs < least.1 { return false }
    let tiles = (geometry.output.height + 3) / 4 * ((geometry.output.width + 3) / 4)
    let roundedUp = 16 * tiles * ((ins + 15) / 16 * 16) * ((outs + 15) / 16 * 16)
    let needed = geometry.output.height * geometry.output.width * ins * outs
    return geometry.batch * tiles >= 32 && roundedUp <= 2 * needed
  }

  /// `y = conv(x, weight) + bias`.
  static func forward(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ weight: Storage, bias: Storage?,
    by algorithm: Algorithm? = nil, into y: Storage
  ) {
    if geometry.outputCount == 0 { return }
    switch algorithm ?? Self.algorithm(geometry, .forward) {
    case .direct(let method):
      DNNLConvolution.forward(geometry, x, weight, bias: bias, method, into: y)
    case .windows: WindowConvolution.forward(geometry, x, weight, bias: bias, into: y)
    case .fewChannels:
      WindowConvolution.forwardToFewChannels(geometry, x, weight, bias: bias, into: y)
    case .tiles: tiles(geometry, .forward).forward(x, weight, bias: bias, into: y)
    case .groups:
      for group in groups(of: geometry) {
        DNNLConvolution.forward(
          group.part, x, weight, bias: bias, .winograd, of: group, into: y)
      }
    }
  }

  /// The gradient for `x`, given that for `y`.
  static func inputGradient(
    _ geometry: ConvolutionGeometry, _ dy: Storage, _ weight: Storage,
    by algorithm: Algorithm? = nil, into dx: Storage
  ) {
    if geometry.inputCount == 0 { return }
    switch algorithm ?? Self.algorithm(geometry, .inputGradient) {
    case .direct(let method):
      DNNLConvolution.inputGradient(geometry, dy, weight, method, into: dx)
    case .windows: WindowConvolution.inputGradient(geometry, dy, weight, into: dx)
    case .fewChannels: WindowConvolution.inputGradientToFewChannels(geometry, dy, weight, into: dx)
    case .tiles: tiles(geometry, .inputGradient).inputGradient(dy, weight, into: dx)
    case .groups:
      for group in groups(of: geometry) {
        DNNLConvolution.inputGradient(group.part, dy, weight, .winograd, of: group, into: dx)
      }
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
    case .direct(let method):
      DNNLConvolution.weightGradient(geometry, x, dy, method, into: dw)
    case .windows: WindowConvolution.weightGradient(geometry, x, dy, into: dw)
    case .fewChannels: WindowConvolution.weightGradientFromFewChannels(geometry, x, dy, into: dw)
    case .tiles: tiles(geometry, .weightGradient).weightGradient(x, dy, into: dw)
    case .groups:
      for group in groups(of: geometry) {
        DNNLConvolution.weightGradient(group.part, x, dy, .winograd, of: group, into: dw)
      }
    }
  }

  private static func groups(of geometry: ConvolutionGeometry) -> [DNNLConvolution.Group] {
    (0..<geometry.groups).map { DNNLConvolution.Group(whole: geometry, index: $0) }
  }

  private static func tiles(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction
  ) -> TileConvolution {
    guard let tiles = TileConvolution(geometry, direction, atLeast: 0) else {
      preconditionFailure("[conv2d] no tiles for \(geometry)")
    }
    return tiles
  }
}
