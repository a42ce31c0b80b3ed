internal import COneDNN

/// Convolutions by oneDNN's own kernels, channels last, in the three directions.
///
/// Weights come as `[out, in/groups, kH, kW]` and are copied into the order the kernel prefers; the copy
/// stays beside the numbers, so that a weight used several times in a step is copied once per order.
enum DNNLConvolution {
  /// Which of the three operands is computed from the other two.
  enum Direction: Hashable { case forward, inputGradient, weightGradient }

  private struct Key: Hashable {
    let geometry: ConvolutionGeometry
    let direction: Direction
    let hasBias: Bool
  }

  nonisolated(unsafe) private static var plans: [Key: ConvolutionPlan] = [:]

  private static func plan(
    _ geometry: ConvolutionGeometry, _ direction: Direction, hasBias: Bool = false
  ) -> ConvolutionPlan {
    let key = Key(geometry: geometry, direction: direction, hasBias: hasBias)
    if let plan = plans[key] { return plan }
    let plan = ConvolutionPlan(geometry, direction, hasBias: hasBias)
    plans[key] = plan
    return plan
  }

  /// `y = conv(x, weight) + bias`.
  static func forward(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ weight: Storage, bias: Storage?,
    into y: Storage
  ) {
    let plan = plan(geometry, .forward, hasBias: bias != nil)
    let packed = plan.packed(weight)
    if let bias {
      plan.primitive.run(x.pointer, packed.pointer, y.pointer, bias.pointer)
    } else {
      plan.primitive.run(x.pointer, packed.pointer, y.pointer)
    }
  }

  /// The gradient for `x`, given that for `y`.
  static func inputGradient(
    _ geometry: ConvolutionGeometry, _ dy: Storage, _ weight: Storage, into dx: Storage
  ) {
    let plan = plan(geometry, .inputGradient)
    plan.primitive.run(dx.pointer, plan.packed(weight).pointer, dy.pointer)
  }

  /// The gradient for the weights, given `x` and the gradient for `y`.
  static func weightGradient(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ dy: Storage, into dw: Storage
  ) {
    let plan = plan(geometry, .weightGradient)
    guard let reorder = plan.reorder else {
      plan.primitive.run(x.pointer, dw.pointer, dy.pointer)
      return
    }
    let packed = Storage(count: plan.packedCount)
    plan.primitive.run(x.pointer, packed.pointer, dy.pointer)
    reorder.run(packed.pointer, dw.pointer)
  }
}

/// One direction of one geometry: the primitive, and how weights get into its order or out of it.
private final class ConvolutionPlan {
  let primitive: DNNLPrimitive
  /// Between the plain and the packed weights; absent when they agree.
  let reorder: DNNLPrimitive?
  let packedCount: Int
  private let form: DNNLWeightForm

  init(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction, hasBias: Bool
  ) {
    let name = "conv2d"
    let descriptor = Self.describe(geometry, direction, hasBias: hasBias, name)
    defer { dnnl_primitive_desc_destroy(descriptor) }
    let isWeight = direction == .weightGradient
    guard
      let packed = DNNLPrimitive.layout(
        of: descriptor, isWeight ? dnnl_query_diff_weights_md : dnnl_query_weights_md)
    else { preconditionFailure("[\(name)] oneDNN names no weight layout for \(geometry)") }
    let layouts = Layouts(geometry, weight: packed)
    var arguments = [
      DNNLPrimitive.Argument(
        index: direction == .inputGradient ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, layout: layouts.x),
      DNNLPrimitive.Argument(
        index: isWeight ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, layout: packed),
      DNNLPrimitive.Argument(
        index: direction == .forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST, layout: layouts.y),
    ]
    if hasBias {
      arguments.append(DNNLPrimitive.Argument(index: DNNL_ARG_BIAS, layout: layouts.bias))
    }
    primitive = DNNLPrimitive(name, descriptor, arguments: arguments)
    let plain = Layouts.plainWeight(geometry)
    packedCount = (packed.bytes + 3) / 4
    form = DNNLWeightForm(packed)
    if plain.isEqual(to: packed) {
      reorder = nil
    } else if isWeight {
      reorder = .reorder(from: packed, to: plain)
    } else {
      reorder = .reorder(from: plain, to: packed)
    }
  }

  /// The weights in the primitive's order, from the copies beside them if there is one.
  func packed(_ weight: Storage) -> Storage {
    guard let reorder else { return weight }
    if let form = weight.forms[form] as? Storage { return form }
    let copy = Storage(count: packedCount)
    reorder.run(weight.pointer, copy.pointer)
    weight.forms[form] = copy
    return copy
  }

  private static func describe(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction, hasBias: Bool,
    _ name: String
  ) -> dnnl_primitive_desc_t {
    var layouts = Layouts(geometry, weight: Layouts.anyWeight(geometry))
    let stride = [Int64(geometry.stride.height), Int64(geometry.stride.width)]
    let dilation = [Int64(geometry.dilation.height - 1), Int64(geometry.dilation.width - 1)]
    let near = [Int64(geometry.padding.height), Int64(geometry.padding.width)]
    let far = [Int64(geometry.farPadding.height), Int64(geometry.farPadding.width)]
    let attributes = DNNLPrimitive.userScratch()
    defer { dnnl_primitive_attr_destroy(attributes) }
    let what = "describing it for x \(geometry.inputShape), weight \(geometry.weightShape)"

    var forward = dnnl_convolution_desc_t()
    if hasBias {
      dnnlCheck(
        dnnl_dilated_convolution_forward_desc_init(
          &forward, dnnl_forward_training, dnnl_convolution_direct, &layouts.x.descriptor,
          &layouts.weight.descriptor, &layouts.bias.descriptor, &layouts.y.descriptor, stride,
          dilation, near, far), name, what)
    } else {
      dnnlCheck(
        dnnl_dilated_convolution_forward_desc_init(
          &forward, dnnl_forward_training, dnnl_convolution_direct, &layouts.x.descriptor,
          &layouts.weight.descriptor, nil, &layouts.y.descriptor, stride, dilation, near, far),
        name, what)
    }
    let hint = compile(&forward, attributes, nil, name, what)
    if direction == .forward { return hint }
    defer { dnnl_primitive_desc_destroy(hint) }

    var backward = dnnl_convolution_desc_t()
    if direction == .inputGradient {
      dnnlCheck(
        dnnl_dilated_convolution_backward_data_desc_init(
          &backward, dnnl_convolution_direct, &layouts.x.descriptor, &layouts.weight.descriptor,
          &layouts.y.descriptor, stride, dilation, near, far), name, what)
    } else {
      dnnlCheck(
        dnnl_dilated_convolution_backward_weights_desc_init(
          &backward, dnnl_convolution_direct, &layouts.x.descriptor, &layouts.weight.descriptor,
          nil, &layouts.y.descriptor, stride, dilation, near, far), name, what)
    }
    return compile(&backward, attributes, hint, name, what)
  }

  private static func compile(
    _ operation: inout dnnl_convolution_desc_t, _ attributes: dnnl_primitive_attr_t,
    _ hint: dnnl_primitive_desc_t?, _ name: String, _ what: String
  ) -> dnnl_primitive_desc_t {
    var descriptor: dnnl_primitive_desc_t?
    dnnlCheck(
      dnnl_primitive_desc_create(&descriptor, &operation, attributes, DNNL.shared.engine, hint),
      name, what)
    guard let descriptor else { preconditionFailure("[\(name)] no kernel while \(what)") }
    return descriptor
  }
}

/// The memory layouts of a convolution's operands.
private struct Layouts {
  var x: DNNLLayout
  var weight: DNNLLayout
  var bias: DNNLLayout
  var y: DNNLLayout

  init(_ geometry: ConvolutionGeometry, weight: DNNLLayout) {
    x = DNNLLayout(
      [geometry.batch, geometry.inChannels, geometry.input.height, geometry.input.width], dnnl_nhwc)
    y = DNNLLayout(
      [geometry.batch, geometry.outChannels, geometry.output.height, geometry.output.width],
      dnnl_nhwc)
    bias = DNNLLayout([geometry.outChannels], dnnl_a)
    self.weight = weight
  }

  static func plainWeight(_ geometry: ConvolutionGeometry) -> DNNLLayout {
    DNNLLayout(weightSizes(geometry), geometry.groups == 1 ? dnnl_oihw : dnnl_goihw)
  }

  static func anyWeight(_ geometry: ConvolutionGeometry) -> DNNLLayout {
    DNNLLayout(weightSizes(geometry), dnnl_format_tag_any)
  }

  private static func weightSizes(_ geometry: ConvolutionGeometry) -> [Int] {
    let shape = geometry.weightShape
    return geometry.groups == 1
      ? shape : [geometry.groups, shape[0] / geometry.groups, shape[1], shape[2], shape[3]]
  }
}

/// The key under which packed weights lie beside the plain ones: equal layouts, equal keys.
struct DNNLWeightForm: Hashable {
  private let index: Int

  nonisolated(unsafe) private static var known: [DNNLLayout] = []

  init(_ layout: DNNLLayout) {
    if let index = Self.known.firstIndex(where: { $0.isEqual(to: layout) }) {
      self.index = index
    } else {
      index = Self.known.count
      Self.known.append(layout)
    }
  }
}
