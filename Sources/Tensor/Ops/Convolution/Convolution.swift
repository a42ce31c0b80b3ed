// A convolution couples three arrays, y = conv(x, w). Each of the three is linear in each of the others, so
// three ops that compute one from the other two are closed under differentiation: every derivative
// of any order is again one of them.

/// Convolves images with filters.
///
///     y[n, i, j, o] = bias[o] + Σ_{c, u, v} x[n, i·stride + u·dilation - padding, …, c] · weight[o, c, u, v]
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - weight: `[out, C/groups, kH, kW]`.
///   - bias: `[out]`.
///   - stride: at least 1.
///   - padding: zeros added on all four sides.
///   - dilation: distance between neighbouring taps of the kernel, at least 1.
///   - groups: the number of equal parts of the channels that do not mix.
/// - Returns: `[N, (H + 2·padding - dilation·(kH - 1) - 1) / stride + 1, …, out]`.
public func conv2d(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: Size2 = 1, padding: Size2 = 0,
  dilation: Size2 = 1, groups: Int = 1
) -> Tensor {
  let geometry = ConvolutionGeometry(
    "conv2d", x: x.shape, weight: weight.shape, stride: stride, padding: padding,
    dilation: dilation, groups: groups)
  if let bias {
    precondition(
      bias.shape == [geometry.outChannels],
      "[conv2d] bias \(bias.shape), expected [\(geometry.outChannels)]")
  }
  if groups == 1, let labels = x.labelMap {
    return labelConvolution(labels, weight, bias: bias, geometry)
  }
  return convolution(x, weight, bias: bias, geometry)
}

/// Convolves transposed: the linear map that `conv2d` with the same settings differentiates to.
///
/// Each input pixel adds `weight`, scaled, to a window of the output; stride s makes the image s times larger.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - weight: `[C, out/groups, kH, kW]`.
///   - bias: `[out]`.
///   - stride: distance in the output between the windows of neighbouring pixels.
///   - padding: rows and columns cut off on all four sides.
///   - outputPadding: rows added below and columns added right, less than `stride`.
///   - dilation: distance between neighbouring taps of the kernel.
///   - groups: the number of equal parts of the channels that do not mix.
/// - Returns: `[N, (H - 1)·stride - 2·padding + dilation·(kH - 1) + outputPadding + 1, …, out]`.
public func convTransposed2d(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: Size2 = 1, padding: Size2 = 0,
  outputPadding: Size2 = 0, dilation: Size2 = 1, groups: Int = 1
) -> Tensor {
  let geometry = ConvolutionGeometry(
    "convTransposed2d", transposed: x.shape, weight: weight.shape, stride: stride,
    padding: padding, outputPadding: outputPadding, dilation: dilation, groups: groups)
  let y = convolutionInputGradient(x, weight, geometry)
  guard let bias else { return y }
  precondition(
    bias.shape == [geometry.inChannels],
    "[convTransposed2d] bias \(bias.shape), expected [\(geometry.inChannels)]")
  return y + bias
}

/// `y` from `x` and `w`.
func convolution(
  _ x: Tensor, _ weight: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry
) -> Tensor {
  let y = backend.convolve(x.storage, weight.storage, bias: bias?.storage, geometry)
  return Tensor(
    y, shape: geometry.outputShape,
    derivatives: [
      Derivative(of: x) { g in convolutionInputGradient(g, weight, geometry) },
      Derivative(of: weight) { g in convolutionWeightGradient(x, g, geometry) },
    ] + (bias.map { [Derivative(of: $0) { g in g.sum(axes: [0, 1, 2]) }] } ?? []))
}

/// `x` from `y` and `w`: the derivative of `convolution` in its first argument.
func convolutionInputGradient(
  _ y: Tensor, _ weight: Tensor, _ geometry: ConvolutionGeometry
) -> Tensor {
  let x = backend.convolutionInputGradient(y.storage, weight.storage, geometry)
  return Tensor(
    x, shape: geometry.inputShape,
    derivatives: [
      Derivative(of: y) { g in convolution(g, weight, bias: nil, geometry) },
      Derivative(of: weight) { g in convolutionWeightGradient(g, y, geometry) },
    ])
}

/// `w` from `x` and `y`: the derivative of `convolution` in its second argument.
func convolutionWeightGradient(_ x: Tensor, _ y: Tensor, _ geometry: ConvolutionGeometry) -> Tensor
{
  let weight = backend.convolutionWeightGradient(x.storage, y.storage, geometry)
  return Tensor(
    weight, shape: geometry.weightShape,
    derivatives: [
      Derivative(of: x) { g in convolutionInputGradient(y, g, geometry) },
      Derivative(of: y) { g in convolution(x, g, bias: nil, geometry) },
    ])
}
