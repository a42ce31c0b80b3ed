/// Orders of small convolution weights that the window algorithms want, kept beside the plain ones.
enum WeightOrder: Hashable {
  /// (out, kH, kW, in).
  case outFirst
  /// (in, kH, kW, out) with the kernel turned by half a circle.
  case inFirstFlipped

  /// The weights of `weight` (out, in, kH, kW) in this order.
  func applied(to weight: Storage, _ geometry: ConvolutionGeometry) -> Storage {
    // Of a weight's reshapes, which share its numbers, each has an order of its own.
    let key = Key(order: self, shape: geometry.weightShape)
    return weight.form(key, keeping: .onceAskedAgain) {
      let copy = Storage(count: geometry.weightCount)
      forEach(geometry) { plain, turned in copy.pointer[turned] = weight.pointer[plain] }
      return copy
    }
  }

  private struct Key: Hashable {
    let order: WeightOrder
    let shape: [Int]
  }

  /// Writes weights in this order back as (out, in, kH, kW).
  func undo(_ turned: Storage, _ geometry: ConvolutionGeometry, into weight: Storage) {
    forEach(geometry) { plain, index in weight.pointer[plain] = turned.pointer[index] }
  }

  @inline(__always)
  private func forEach(
    _ geometry: ConvolutionGeometry, _ body: (_ plain: Int, _ turned: Int) -> Void
  ) {
    let (outs, ins) = (geometry.outChannels, geometry.inChannels)
    let taps = geometry.kernel.height * geometry.kernel.width
    var plain = 0
    for o in 0..<outs {
      for i in 0..<ins {
        for t in 0..<taps {
          switch self {
          case .outFirst: body(plain, (o * taps + t) * ins + i)
          case .inFirstFlipped: body(plain, (i * taps + taps - 1 - t) * outs + o)
          }
          plain += 1
        }
      }
    }
  }
}
