internal import Kernels

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
      if self == .inFirstFlipped && geometry.kernel == 1 {
        transpose(weight.pointer, geometry, into: copy.pointer)
      } else {
        forEach(geometry) { plain, turned in copy.pointer[turned] = weight.pointer[plain] }
      }
      return copy
    }
  }

  private struct Key: Hashable {
    let order: WeightOrder
    let shape: [Int]
  }

  /// What turning comes to where a kernel has one tap, in blocks of 16 input channels.
  private func transpose(
    _ weight: UnsafeMutablePointer<Float>, _ geometry: ConvolutionGeometry,
    into turned: UnsafeMutablePointer<Float>
  ) {
    let (outs, ins) = (geometry.outChannels, geometry.inChannels)
    nonisolated(unsafe) let (from, to) = (weight, turned)
    parallelRows((ins + 15) / 16, work: outs * ins) { blocks in
      for first in blocks.map({ 16 * $0 }) {
        transposeBlock(
          to + first * outs, from + first, rows: min(16, ins - first), columns: outs,
          targetStep: outs, sourceStep: ins)
      }
    }
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
