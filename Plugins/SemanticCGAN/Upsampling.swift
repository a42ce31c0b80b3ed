import PluginAPI

/// How a network doubles the size of its images.
enum Upsampling: String, CaseIterable, HyperparameterValue {
  /// A transposed convolution of stride 2, as published.
  case transposed
  /// Every pixel four times, then a 3×3 convolution: no checkerboard.
  ///
  /// - Source: Odena, Dumoulin and Olah, Deconvolution and checkerboard artifacts, Distill, 2016.
  case nearest

  /// A layer from `inChannels` to `outChannels` at twice the size; `transposedKernel` is 3 or 4.
  func layer(
    _ inChannels: Int, _ outChannels: Int, transposedKernel kernel: Int, bias: Bool
  ) -> DoublingConvolution {
    switch self {
    case .transposed:
      DoublingConvolution(
        conv: ConvTransposed2d(
          inChannels, outChannels, kernel: Size2(kernel, kernel), stride: 2, padding: 1,
          outputPadding: Size2(4 - kernel, 4 - kernel), bias: bias, initial: initialWeight,
          initialBias: .zeros),
        repeatsPixels: false)
    case .nearest:
      DoublingConvolution(
        conv: Conv2d(
          inChannels, outChannels, kernel: 3, padding: 1, bias: bias, initial: initialWeight,
          initialBias: .zeros),
        repeatsPixels: true)
    }
  }
}

/// A convolution whose output has twice its input's size.
///
/// Maps `[N, H, W, in]` to `[N, 2H, 2W, out]`.
struct DoublingConvolution: Layer {
  let conv: any WeightedLayer
  let repeatsPixels: Bool

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    conv(repeatsPixels ? upsampleNearest(x, factor: 2) : x, in: context)
  }
}
