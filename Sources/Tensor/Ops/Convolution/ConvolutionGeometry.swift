/// The sizes of a convolution, all that its three directions and their caches depend on.
///
/// One geometry serves `y = conv(x, w)`, the gradient for `x` and the gradient for `w`. A transposed
/// convolution is the second of them, so its geometry has its output in the role of `x`.
struct ConvolutionGeometry: Hashable {
  let batch: Int
  /// `x`: `[batch, input.height, input.width, inChannels]`.
  let input: Size2
  let inChannels: Int
  /// `y`: `[batch, output.height, output.width, outChannels]`.
  let output: Size2
  let outChannels: Int
  let kernel: Size2
  let stride: Size2
  let dilation: Size2
  /// Rows above and columns left of `x`; what is needed below and right follows from `output`.
  let padding: Size2
  let groups: Int

  var inputShape: [Int] { [batch, input.height, input.width, inChannels] }
  var outputShape: [Int] { [batch, output.height, output.width, outChannels] }
  /// `[out, in/groups, kH, kW]`.
  var weightShape: [Int] { [outChannels, inChannels / groups, kernel.height, kernel.width] }

  var inputCount: Int { batch * input.height * input.width * inChannels }
  var outputCount: Int { batch * output.height * output.width * outChannels }
  var weightCount: Int {
    outChannels * (inChannels / groups) * kernel.height * kernel.width
  }

  /// Pixels of all results of a batch.
  var pixels: Int { batch * output.height * output.width }

  /// Extent of the dilated kernel.
  var window: Size2 {
    Size2((kernel.height - 1) * dilation.height + 1, (kernel.width - 1) * dilation.width + 1)
  }

  /// Rows below and columns right of `x` that the last window reaches; may be negative.
  var farPadding: Size2 {
    Size2(
      (output.height - 1) * stride.height + window.height - input.height - padding.height,
      (output.width - 1) * stride.width + window.width - input.width - padding.width)
  }

  /// Whether each pixel of `y` sees the one pixel of `x` at its place, so that it is a product of matrices.
  var isPointwise: Bool {
    kernel == 1 && stride == 1 && padding == 0 && farPadding == 0 && groups == 1
  }

  /// The same for other numbers of images.
  func with(batch: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: batch, input: input, inChannels: inChannels, output: output, outChannels: outChannels,
      kernel: kernel, stride: stride, dilation: dilation, padding: padding, groups: groups)
  }

  /// One group of it, as a convolution on the group's channels alone.
  var oneGroup: ConvolutionGeometry {
    ConvolutionGeometry(
      batch: batch, input: input, inChannels: inChannels / groups, output: output,
      outChannels: outChannels / groups, kernel: kernel, stride: stride, dilation: dilation,
      padding: padding, groups: 1)
  }
}

extension ConvolutionGeometry {
  /// The geometry of `conv2d(x, weight)`; stops with a message when the shapes do not fit.
  init(
    _ name: String, x: [Int], weight: [Int], stride: Size2, padding: Size2, dilation: Size2,
    groups: Int
  ) {
    Self.check(name, x: x, weight: weight, stride, padding, dilation, groups)
    precondition(
      x[3] == weight[1] * groups,
      "[\(name)] x \(x) has \(x[3]) channels, weight \(weight) with \(groups) groups expects "
        + "\(weight[1] * groups)")
    precondition(
      weight[0] % groups == 0,
      "[\(name)] \(weight[0]) output channels do not divide into \(groups) groups")
    let window = Size2((weight[2] - 1) * dilation.height + 1, (weight[3] - 1) * dilation.width + 1)
    let free = Size2(
      x[1] + 2 * padding.height - window.height, x[2] + 2 * padding.width - window.width)
    precondition(
      free.height >= 0 && free.width >= 0,
      "[\(name)] kernel of extent \(window) exceeds x \(x) with padding \(padding)")
    self.init(
      batch: x[0], input: Size2(x[1], x[2]), inChannels: x[3],
      output: Size2(free.height / stride.height + 1, free.width / stride.width + 1),
      outChannels: weight[0], kernel: Size2(weight[2], weight[3]), stride: stride,
      dilation: dilation, padding: padding, groups: groups)
  }

  /// The geometry whose input gradient is `convTransposed2d(x, weight)`.
  init(
    _ name: String, transposed x: [Int], weight: [Int], stride: Size2, padding: Size2,
    outputPadding: Size2, dilation: Size2, groups: Int
  ) {
    Self.check(name, x: x, weight: weight, stride, padding, dilation, groups)
    precondition(
      x[3] == weight[0],
      "[\(name)] x \(x) has \(x[3]) channels, weight \(weight) expects \(weight[0])")
    precondition(
      weight[0] % groups == 0,
      "[\(name)] \(weight[0]) input channels do not divide into \(groups) groups")
    precondition(
      outputPadding.height >= 0 && outputPadding.height < max(stride.height, dilation.height)
        && outputPadding.width >= 0 && outputPadding.width < max(stride.width, dilation.width),
      "[\(name)] outputPadding \(outputPadding) must be less than stride \(stride)")
    let side = { (size: Int, stride: Int, kernel: Int, dilation: Int, padding: Int, extra: Int) in
      (size - 1) * stride - 2 * padding + (kernel - 1) * dilation + 1 + extra
    }
    let result = Size2(
      side(
        x[1], stride.height, weight[2], dilation.height, padding.height, outputPadding.height),
      side(x[2], stride.width, weight[3], dilation.width, padding.width, outputPadding.width))
    precondition(
      result.height > 0 && result.width > 0,
      "[\(name)] x \(x) with kernel \(weight[2])x\(weight[3]) and padding \(padding) leaves nothing"
    )
    self.init(
      batch: x[0], input: result, inChannels: weight[1] * groups, output: Size2(x[1], x[2]),
      outChannels: x[3], kernel: Size2(weight[2], weight[3]), stride: stride, dilation: dilation,
      padding: padding, groups: groups)
  }

  private static func check(
    _ name: String, x: [Int], weight: [Int], _ stride: Size2, _ padding: Size2,
    _ dilation: Size2, _ groups: Int
  ) {
    precondition(
      x.count == 4 && x.dropFirst().allSatisfy { $0 > 0 },
      "[\(name)] x must be [N, H, W, C] with H, W and C above 0, found \(x)")
    precondition(
      padding.height >= 0 && padding.width >= 0,
      "[\(name)] padding \(padding) must not be below 0")
    precondition(
      weight.count == 4 && weight.allSatisfy { $0 > 0 },
      "[\(name)] weight must have four sizes above 0, found \(weight)")
    precondition(
      stride.height > 0 && stride.width > 0 && dilation.height > 0 && dilation.width > 0
        && groups > 0,
      "[\(name)] stride \(stride), dilation \(dilation) and groups \(groups) must be above 0")
  }
}
