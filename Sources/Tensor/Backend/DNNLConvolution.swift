internal import COneDNN

/// Convolutions by oneDNN's own kernels, in the three directions.
///
/// Images come and go channels last. Weights come as `[out, in/groups, kH, kW]` and are copied into the order the
/// kernel prefers; the copy stays beside the numbers, so that a weight used several times in a step is copied once
/// per order.
enum DNNLConvolution {
  /// Which of the three operands is computed from the other two.
  enum Direction: Hashable { case forward, inputGradient, weightGradient }

  /// How oneDNN goes about it.
  enum Method: Hashable {
    /// On images as they are.
    case channelsLast
    /// On images copied into blocks of 16 channels.
    case blocked
    /// By Winograd's minimal filtering on tiles of 4x4, in blocks of 16 channels; for 3x3 at stride 1.
    ///
    /// A quarter of the multiplications. Rounding errors are some ten times those of the direct sum. Where the
    /// processor has no kernel for it, the images are convolved as they are.
    case winograd
    /// On images and weights rounded to bfloat16, 8 bits of mantissa; sums and results are 32-bit floats.
    case bfloat16
  }

  private struct Key: Hashable {
    let geometry: ConvolutionGeometry
    let direction: Direction
    let method: Method
    let hasBias: Bool
  }

  nonisolated(unsafe) private static var plans: [Key: DNNLConvolutionPlan] = [:]

  private static func plan(
    _ geometry: ConvolutionGeometry, _ direction: Direction, _ method: Method, hasBias: Bool = false
  ) -> DNNLConvolutionPlan {
    let key = Key(geometry: geometry, direction: direction, method: method, hasBias: hasBias)
    if let plan = plans[key] { return plan }
    let plan =
      DNNLConvolutionPlan(geometry, direction, method, hasBias: hasBias)
      ?? DNNLConvolutionPlan(geometry, direction, .channelsLast, hasBias: hasBias)
    guard let plan else {
      preconditionFailure(
        "[conv2d] oneDNN has no kernel for x \(geometry.inputShape), weight \(geometry.weightShape)"
      )
    }
    plans[key] = plan
    return plan
  }

  /// `y = conv(x, weight) + bias`.
  static func forward(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ weight: Storage, bias: Storage?,
    _ method: Method, into y: Storage
  ) {
    let plan = plan(geometry, .forward, method, hasBias: bias != nil)
    let packed = plan.weight.taken(from: weight, keeping: .onceAskedAgain)
    let image = plan.x.taken(from: x, keeping: .never)
    plan.y.written(to: y) { result in
      if let bias {
        plan.primitive.run(image.pointer, packed.pointer, result.pointer, bias.pointer)
      } else {
        plan.primitive.run(image.pointer, packed.pointer, result.pointer)
      }
    }
  }

  /// The gradient for `x`, given that for `y`.
  static func inputGradient(
    _ geometry: ConvolutionGeometry, _ dy: Storage, _ weight: Storage, _ method: Method,
    into dx: Storage
  ) {
    let plan = plan(geometry, .inputGradient, method)
    let packed = plan.weight.taken(from: weight, keeping: .onceAskedAgain)
    let image = plan.y.taken(from: dy, keeping: .always)
    plan.x.written(to: dx) { result in
      plan.primitive.run(result.pointer, packed.pointer, image.pointer)
    }
  }

  /// The gradient for the weights, given `x` and the gradient for `y`.
  static func weightGradient(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ dy: Storage, _ method: Method,
    into dw: Storage
  ) {
    let plan = plan(geometry, .weightGradient, method)
    let (first, second) = (
      plan.x.taken(from: x, keeping: .never), plan.y.taken(from: dy, keeping: .always)
    )
    plan.weight.written(to: dw) { result in
      plan.primitive.run(first.pointer, result.pointer, second.pointer)
    }
  }
}
