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

  /// One group of a grouped convolution, computed as a convolution of its own on the group's channels.
  struct Group: Hashable {
    /// The convolution of all groups.
    let whole: ConvolutionGeometry
    let index: Int

    /// The group's own.
    var part: ConvolutionGeometry { whole.oneGroup }
    fileprivate var x: Int { index * part.inChannels }
    fileprivate var weight: Int { index * part.weightCount }
    fileprivate var y: Int { index * part.outChannels }
  }

  private struct Key: Hashable {
    let geometry: ConvolutionGeometry
    let direction: Direction
    let method: Method
    let hasBias: Bool
    let whole: ConvolutionGeometry?
  }

  nonisolated(unsafe) private static var plans: [Key: DNNLConvolutionPlan] = [:]

  private static func plan(
    _ geometry: ConvolutionGeometry, _ direction: Direction, _ method: Method,
    hasBias: Bool = false, _ group: Group?
  ) -> DNNLConvolutionPlan {
    let key = Key(
      geometry: geometry, direction: direction, method: method, hasBias: hasBias,
      whole: group?.whole)
    if let plan = plans[key] { return plan }
    let plan =
      DNNLConvolutionPlan(geometry, direction, method, hasBias: hasBias, within: group?.whole)
      ?? DNNLConvolutionPlan(
        geometry, direction, .channelsLast, hasBias: hasBias, within: group?.whole)
    guard let plan else {
      preconditionFailure(
        "[conv2d] oneDNN has no kernel for x \(geometry.inputShape), weight \(geometry.weightShape)"
      )
    }
    plans[key] = plan
    return plan
  }

  /// `y = conv(x, weight) + bias`; of one group if `group` is given, whose `part` is the geometry.
  static func forward(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ weight: Storage, bias: Storage?,
    _ method: Method, of group: Group? = nil, into y: Storage
  ) {
    var packed = PackedWeight(weight, at: group?.weight ?? 0)
    for part in parts(of: geometry, method, group) {
      let plan = plan(part.geometry, .forward, method, hasBias: bias != nil, part.group)
      let packed = packed.taken(for: plan.weight)
      let image = plan.x.taken(from: x, at: part.x, keeping: .never)
      plan.y.written(to: y, at: part.y) { result in
        if let bias {
          plan.primitive.run(
            image.pointer, packed.pointer, result, bias.pointer + (group?.y ?? 0))
        } else {
          plan.primitive.run(image.pointer, packed.pointer, result)
        }
      }
    }
  }

  /// The gradient for `x`, given that for `y`.
  static func inputGradient(
    _ geometry: ConvolutionGeometry, _ dy: Storage, _ weight: Storage, _ method: Method,
    of group: Group? = nil, into dx: Storage
  ) {
    var packed = PackedWeight(weight, at: group?.weight ?? 0)
    for part in parts(of: geometry, method, group) {
      let plan = plan(part.geometry, .inputGradient, method, part.group)
      let packed = packed.taken(for: plan.weight)
      let image = plan.y.taken(from: dy, at: part.y, keeping: .always)
      plan.x.written(to: dx, at: part.x) { result in
        plan.primitive.run(result, packed.pointer, image.pointer)
      }
    }
  }

  /// The gradient for the weights, given `x` and the gradient for `y`.
  static func weightGradient(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ dy: Storage, _ method: Method,
    of group: Group? = nil, into dw: Storage
  ) {
    for (index, part) in parts(of: geometry, method, group).enumerated() {
      let plan = plan(part.geometry, .weightGradient, method, part.group)
      let (first, second) = (
        plan.x.taken(from: x, at: part.x, keeping: .never),
        plan.y.taken(from: dy, at: part.y, keeping: .always)
      )
      let place = group?.weight ?? 0
      let own = index == 0 ? dw : Storage(count: geometry.weightCount)
      plan.weight.written(to: own, at: index == 0 ? place : 0) { result in
        plan.primitive.run(first.pointer, result, second.pointer)
      }
      if index > 0 { add(own, to: dw.pointer + place) }
    }
  }

  private static func add(_ numbers: Storage, to sum: UnsafeMutablePointer<Float>) {
    let parts = Partition.parts(numbers.count)
    parallel(parts) { part in
      for index in Partition.range(part, of: parts, count: numbers.count, unit: 16) {
        sum[index] += numbers.pointer[index]
      }
    }
  }

  /// A weight as one call needs it: all parts of the batch together ask for its copy once, so that a large copy
  /// does not stay for their sake.
  private struct PackedWeight {
    private let weight: Storage
    private let offset: Int
    private var last: (operand: DNNLOperand, copy: Storage)?

    init(_ weight: Storage, at offset: Int) {
      self.weight = weight
      self.offset = offset
    }

    mutating func taken(for operand: DNNLOperand) -> Storage {
      if let last, last.operand.hasOrder(of: operand) { return last.copy }
      let copy = operand.taken(from: weight, at: offset, keeping: .onceAskedAgain)
      last = (operand, copy)
      return copy
    }
  }

  /// Some images of a batch: their geometry, and where they begin in `x` and `y`.
  private struct Part {
    let geometry: ConvolutionGeometry
    let group: Group?
    let x: Int
    let y: Int
  }

  /// The images that are treated at a time: all, except by Winograd's method, which holds all tiles at their points,
  /// several times the images; of these as many as fit a last-level cache.
  private static func parts(
    of geometry: ConvolutionGeometry, _ method: Method, _ group: Group?
  ) -> [Part] {
    let batch = geometry.batch
    var images = max(1, batch)
    if method == .winograd, ConvolutionBackend.hasWinograd {
      let tiles = (geometry.output.height + 3) / 4 * ((geometry.output.width + 3) / 4)
      let points = 6 * 6  // of a tile of 4x4 and what surrounds it
      let floats = points * tiles * (geometry.inChannels + geometry.outChannels)
      let count = max(1, (batch * floats + winogradFloats - 1) / winogradFloats)
      images = max(1, (batch + count - 1) / count)
    }
    let whole = group?.whole ?? geometry
    return Swift.stride(from: 0, to: batch, by: images).map { first in
      let count = min(images, batch - first)
      return Part(
        geometry: geometry.with(batch: count),
        group: group.map { Group(whole: whole.with(batch: count), index: $0.index) },
        x: (group?.x ?? 0) + first * whole.inputCount / batch,
        y: (group?.y ?? 0) + first * whole.outputCount / batch)
    }
  }

  /// Floats at the points of all tiles to have in memory at a time: 32 MiB. With 64 to 256 MiB layers of 64 to 256
  /// channels take as long, with 8 or 16 MiB some take a third longer.
  private static let winogradFloats = 8 << 20
}
