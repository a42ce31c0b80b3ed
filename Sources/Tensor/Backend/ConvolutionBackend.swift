/// Computes convolutions in their three directions, each by the algorithm that suits its shape.
///
/// The choice is a function of the geometry alone, never of a timing, so that runs repeat bit for bit.
enum ConvolutionBackend {
  /// `y = conv(x, weight) + bias`.
  static func forward(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ weight: Storage, bias: Storage?,
    into y: Storage
  ) {
    if geometry.outputCount == 0 { return }
    DNNLConvolution.forward(geometry, x, weight, bias: bias, into: y)
  }

  /// The gradient for `x`, given that for `y`.
  static func inputGradient(
    _ geometry: ConvolutionGeometry, _ dy: Storage, _ weight: Storage, into dx: Storage
  ) {
    if geometry.inputCount == 0 { return }
    DNNLConvolution.inputGradient(geometry, dy, weight, into: dx)
  }

  /// The gradient for the weights, given `x` and the gradient for `y`.
  static func weightGradient(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ dy: Storage, into dw: Storage
  ) {
    if geometry.inputCount == 0 {
      dw.pointer.update(repeating: 0, count: geometry.weightCount)
      return
    }
    DNNLConvolution.weightGradient(geometry, x, dy, into: dw)
  }
}
