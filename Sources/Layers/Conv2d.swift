import Tensor

/// A convolution over height and width.
///
/// Maps `[N, H, W, in]` to `[N, H', W', out]` with
/// `H' = (H + 2·padding − dilation·(kernel − 1) − 1) / stride + 1`, rounded down. Weight
/// `[out, in/groups, kH, kW]` and bias `[out]`, both drawn from `±1/√fan-in` by default.
public struct Conv2d: WeightedLayer {
  /// Outputs are the first axis of the weight.
  public static var outputAxis: Int { 0 }
  /// `[out, in/groups, kH, kW]`.
  public let weight: Parameter
  /// `[out]`.
  public let bias: Parameter?
  /// Distance between positions of the kernel.
  public let stride: Size2
  /// Rows and columns added on each side.
  public let padding: Size2
  /// What the added rows and columns hold.
  public let paddingMode: PaddingMode
  /// Distance between the kernel's taps.
  public let dilation: Size2
  /// Into how many independent convolutions the channels are split.
  public let groups: Int

  /// Creates a convolution.
  ///
  /// - Parameters:
  ///   - inChannels: a multiple of `groups`.
  ///   - outChannels: a multiple of `groups`.
  ///   - kernel: height and width of the kernel.
  ///   - stride: distance between positions of the kernel.
  ///   - padding: rows and columns added on each side.
  ///   - paddingMode: zeros, a reflection without the edge, or the edge repeated.
  ///   - dilation: distance between the kernel's taps.
  ///   - groups: into how many independent convolutions the channels are split.
  ///   - bias: whether a bias is added.
  ///   - initial: the distribution of the weight.
  ///   - initialBias: the distribution of the bias.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: Size2, stride: Size2 = 1, padding: Size2 = 0,
    paddingMode: PaddingMode = .zero, dilation: Size2 = 1, groups: Int = 1, bias: Bool = true,
    initial: Initializer = .fanInUniform, initialBias: Initializer = .fanInUniform
  ) {
    precondition(
      inChannels % groups == 0 && outChannels % groups == 0,
      "[Conv2d] \(groups) groups do not divide \(inChannels) and \(outChannels) channels")
    let shape = [outChannels, inChannels / groups, kernel.height, kernel.width]
    weight = Parameter(shape, initial: initial)
    self.bias =
      bias
      ? Parameter([outChannels], initial: initialBias.forBias(fanIn: shape[1...].reduce(1, *)))
      : nil
    self.stride = stride
    self.padding = padding
    self.paddingMode = paddingMode
    self.dilation = dilation
    self.groups = groups
  }

  /// Convolves `x [N, H, W, in]` with the given weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor {
    let isPadded = paddingMode != .zero && padding != 0
    let input = isPadded ? padded(x) : x
    return conv2d(
      input, weight, bias: bias?.value, stride: stride, padding: isPadded ? 0 : padding,
      dilation: dilation, groups: groups)
  }

  private func padded(_ x: Tensor) -> Tensor {
    let (rows, columns) = (padding.height, padding.width)
    return x.padded([(0, 0), (rows, rows), (columns, columns), (0, 0)], mode: paddingMode)
  }
}
