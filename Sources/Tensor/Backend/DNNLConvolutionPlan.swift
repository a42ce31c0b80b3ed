internal import COneDNN

/// One direction of one geometry: the primitive, and how each operand gets into its order or out of it.
final class DNNLConvolutionPlan {
  let primitive: DNNLPrimitive
  let x: DNNLOperand
  let weight: DNNLOperand
  let y: DNNLOperand

  /// Compiles the primitive; `nil` when oneDNN has none.
  ///
  /// Within a `whole` it is a group of that convolution, from whose images it takes its channels.
  init?(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction,
    _ method: DNNLConvolution.Method, hasBias: Bool, within whole: ConvolutionGeometry? = nil
  ) {
    guard let descriptor = Self.describe(geometry, direction, method, hasBias: hasBias) else {
      return nil
    }
    defer { dnnl_primitive_desc_destroy(descriptor) }
    let queries: (x: dnnl_query_t, weight: dnnl_query_t, y: dnnl_query_t)
    let slots: (x: Int32, weight: Int32, y: Int32)
    switch direction {
    case .forward:
      queries = (dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md)
      slots = (DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST)
    case .inputGradient:
      queries = (dnnl_query_diff_src_md, dnnl_query_weights_md, dnnl_query_diff_dst_md)
      slots = (DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST)
    case .weightGradient:
      queries = (dnnl_query_src_md, dnnl_query_diff_weights_md, dnnl_query_diff_dst_md)
      slots = (DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST)
    }
    let plain = ConvolutionLayouts(geometry, within: whole)
    x = DNNLOperand(
      plain.x, DNNLPrimitive.layout(of: descriptor, queries.x), direction != .inputGradient)
    weight = DNNLOperand(
      plain.weight, DNNLPrimitive.layout(of: descriptor, queries.weight),
      direction != .weightGradient)
    y = DNNLOperand(plain.y, DNNLPrimitive.layout(of: descriptor, queries.y), direction != .forward)
    var arguments = [
      DNNLPrimitive.Argument(index: slots.x, layout: x.layout),
      DNNLPrimitive.Argument(index: slots.weight, layout: weight.layout),
      DNNLPrimitive.Argument(index: slots.y, layout: y.layout),
    ]
    if hasBias {
      arguments.append(DNNLPrimitive.Argument(index: DNNL_ARG_BIAS, layout: plain.bias))
    }
    primitive = DNNLPrimitive("conv2d", descriptor, arguments: arguments)
  }

  private static func describe(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction,
    _ method: DNNLConvolution.Method, hasBias: Bool
  ) -> dnnl_primitive_desc_t? {
    var layouts = ConvolutionLayouts(geometry, direction, method)
    let algorithm =
      method == .winograd ? dnnl_convolution_winograd : dnnl_convolution_direct
    let stride = [Int64(geometry.stride.height), Int64(geometry.stride.width)]
    let dilation = [Int64(geometry.dilation.height - 1), Int64(geometry.dilation.width - 1)]
    let near = [Int64(geometry.padding.height), Int64(geometry.padding.width)]
    let far = [Int64(geometry.farPadding.height), Int64(geometry.farPadding.width)]

    // A backward pass is described with its forward pass as a hint, of the types of that.
    var hinted = direction == .forward ? layouts : ConvolutionLayouts(geometry, .forward, method)
    var forward = dnnl_convolution_desc_t()
    let status = withUnsafePointer(to: hinted.bias.descriptor) { bias in
      dnnl_dilated_convolution_forward_desc_init(
        &forward, dnnl_forward_training, algorithm, &hinted.x.descriptor,
        &hinted.weight.descriptor, hasBias ? bias : nil, &hinted.y.descriptor, stride, dilation,
        near, far)
    }
    guard status == dnnl_success, let hint = compile(&forward, nil) else { return nil }
    if direction == .forward { return hint }
    defer { dnnl_primitive_desc_destroy(hint) }

    var backward = dnnl_convolution_desc_t()
    let backwardStatus =
      direction == .inputGradient
      ? dnnl_dilated_convolution_backward_data_desc_init(
        &backward, algorithm, &layouts.x.descriptor, &layouts.weight.descriptor,
        &layouts.y.descriptor, stride, dilation, near, far)
      : dnnl_dilated_convolution_backward_weights_desc_init(
        &backward, algorithm, &layouts.x.descriptor, &layouts.weight.descriptor, nil,
        &layouts.y.descriptor, stride, dilation, near, far)
    return backwardStatus == dnnl_success ? compile(&backward, hint) : nil
  }

  private static func compile(
    _ operation: inout dnnl_convolution_desc_t, _ hint: dnnl_primitive_desc_t?
  ) -> dnnl_primitive_desc_t? {
    let attributes = DNNLPrimitive.userScratch()
    defer { dnnl_primitive_attr_destroy(attributes) }
    var descriptor: dnnl_primitive_desc_t?
    let status = dnnl_primitive_desc_create(
      &descriptor, &operation, attributes, DNNL.shared.engine, hint)
    return status == dnnl_success ? descriptor : nil
  }
}

/// The memory layouts of a convolution's operands.
private struct ConvolutionLayouts {
  var x: DNNLLayout
  var weight: DNNLLayout
  var bias: DNNLLayout
  var y: DNNLLayout

  /// The plain layouts; images may be some channels of larger ones.
  init(_ geometry: ConvolutionGeometry, within whole: ConvolutionGeometry?) {
    self.init(geometry, image: dnnl_nhwc, weight: geometry.groups == 1 ? dnnl_oihw : dnnl_goihw)
    guard let whole else { return }
    func channels(_ count: Int, of size: Size2, from all: Int) -> DNNLLayout {
      DNNLLayout(
        [geometry.batch, count, size.height, size.width],
        strides: [size.height * size.width * all, 1, size.width * all, all])
    }
    x = channels(geometry.inChannels, of: geometry.input, from: whole.inChannels)
    y = channels(geometry.outChannels, of: geometry.output, from: whole.outChannels)
  }

  /// Those a method asks for: the weights' order is left to oneDNN, and the images' if they are in blocks.
  init(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction,
    _ method: DNNLConvolution.Method
  ) {
    let isBlocked = method == .blocked || method == .winograd
    let read = method == .bfloat16 ? dnnl_bf16 : dnnl_f32
    self.init(
      geometry, image: isBlocked ? dnnl_format_tag_any : dnnl_nhwc, weight: dnnl_format_tag_any,
      x: direction == .inputGradient ? dnnl_f32 : read,
      weights: direction == .weightGradient ? dnnl_f32 : read,
      y: direction == .forward ? dnnl_f32 : read)
  }

  private init(
    _ geometry: ConvolutionGeometry, image: dnnl_format_tag_t, weight order: dnnl_format_tag_t,
    x xType: dnnl_data_type_t = dnnl_f32, weights: dnnl_data_type_t = dnnl_f32,
    y yType: dnnl_data_type_t = dnnl_f32
  ) {
    x = DNNLLayout(
      [geometry.batch, geometry.inChannels, geometry.input.height, geometry.input.width], image,
      xType)
    y = DNNLLayout(
      [geometry.batch, geometry.outChannels, geometry.output.height, geometry.output.width], image,
      yType)
    bias = DNNLLayout([geometry.outChannels], dnnl_a)
    let (shape, groups) = (geometry.weightShape, geometry.groups)
    weight = DNNLLayout(
      groups == 1 ? shape : [groups, shape[0] / groups, shape[1], shape[2], shape[3]], order,
      weights)
  }
}
