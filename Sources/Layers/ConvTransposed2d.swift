import Tensor

/// A transposed convolution: the map that a convolution's gradient applies to its input.
///
/// Maps `[N, H, W, in]` to `[N, H', W', out]` with
/// `H' = (H − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1`. Weight
/// `[in, out/groups, kH, kW]` and bias `[out]`, both drawn from `±1/√(out/groups · kH · kW)` by
/// default, as in PyTorch.
public struct ConvTransposed2d: WeightedLayer {
  /// Outputs are the second axis of the weight.
  public static var outputAxis: Int { 1 }
  /// `[in, out/groups, kH, kW]`.
  public let weight: Parameter
  /// `[out]`.
  public let bias: Parameter?
  /// Distance between the kernel's positions in the output.
  public let stride: Size2
  /// Rows and columns cut from each side of the output.
  public let padding: Size2
  /// Rows and columns added at the output's lower and right side.
  public let outputPadding: Size2
  /// Distance between the kernel's taps.
  public let dilation: Size2
  /// Into how many independent maps the channels are split.
  public let groups: Int

  /// Creates a transposed convolution.
  ///
  /// - Parameters:
  ///   - inChannels: a multiple of `groups`.
  ///   - outChannels: a multiple of `groups`.
  ///   - kernel: height and width of the kernel.
  ///   - stride: distance between the kernel's positions in the output.
  ///   - padding: rows and columns cut from each side of the output.
  ///   - outputPadding: rows and columns added at the lower and right side, less than `stride`.
  ///   - dilation: distance between the kernel's taps.
  ///   - groups: into how many independent maps the channels are split.
  ///   - bias: whether a bias is added.
  ///   - initial: the distribution of the weight.
  ///   - initialBias: the distribution of the bias.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: Size2, stride: Size2 = 1, padding: Size2 = 0,
    outputPadding: Size2 = 0, dilation: Size2 = 1, groups: Int = 1, bias: Bool = true,
    initial: Initializer = .fanInUniform, initialBias: Initializer = .fanInUniform
  ) {
    precondition(
      inChannels % groups == 0 && outChannels % groups == 0,
      "[ConvTransposed2d] \(groups) groups do not divide \(inChannels) and \(outChannels) channels")
    let shape = [inChannels, outChannels / groups, kernel.height, kernel.width]
    weight = Parameter(shape, initial: initial)
    self.bias =
      bias
      ? Parameter([outChannels], initial: initialBias.forBias(fanIn: shape[1...].reduce(1, *)))
      : nil
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
  }

  /// Applies the map to `x [N, H, W, in]` with the given weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor {
    convTransposed2d(
      x, weight, bias: bias?.value, stride: stride, padding: padding,
      outputPadding: outputPadding, dilation: dilation, groups: groups)
  }
}
