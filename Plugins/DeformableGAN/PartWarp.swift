import PluginAPI

/// Features of a source image put where the parts of the body are in the target.
struct PartWarp {
  /// How the parts become one map.
  enum Aggregation: String, CaseIterable, HyperparameterValue {
    /// The greatest value; zeros outside of the masks take part.
    case max
    /// The mean over the parts whose masks cover a position, 0 where none does.
    case mean
  }

  /// `[N, P, 8]`: target pixel (x, y) reads source pixel (a·x + b·y + c, d·x + e·y + f).
  let transforms: Tensor
  /// `[N, H, W, P]`: where each part lies in the target; nil where one map moves everything.
  let masks: Tensor?
  /// Rows and columns H and W of the images in whose pixels the maps count.
  let imageSize: Size2
  let aggregation: Aggregation

  /// Warps `x [N, h, w, C]`, features of an image.
  ///
  /// Each part is read at the nearest position (halves away from zero; zeros outside), times its mask at
  /// the nearest pixel. Translations shrink with the features: c by H/h and f by W/w, in whole
  /// numbers, as the authors' code divides.
  func callAsFunction(_ x: Tensor) -> Tensor {
    let size = Size2(x.shape[1], x.shape[2])
    let scale = Size2(imageSize.height / size.height, imageSize.width / size.width)
    func moved(_ part: Int) -> Tensor {
      sampled(x, at: places(of: part, size, scale), mode: .nearest)
    }
    guard let masks else { return moved(0) }
    let small = resizeNearest(masks, to: size)
    let parts = masks.shape[3]
    var result: Tensor?
    for part in 0..<parts {
      let own = moved(part) * small.sliced(axis: 3, from: part, to: part + 1)
      result = result.map { aggregation == .max ? maximum($0, own) : $0 + own } ?? own
    }
    guard let result else { preconditionFailure("[PartWarp] masks \(masks.shape) of no parts") }
    guard aggregation == .mean else { return result }
    // Where no part is, the sum is 0.
    return result / maximum(small.sum(axes: [3], keepingDims: true), Tensor(1))
  }

  /// Where each target position reads, `[N, h, w, 2]`, x and y.
  private func places(of part: Int, _ size: Size2, _ scale: Size2) -> Tensor {
    let map = transforms.sliced(axis: 1, from: part, to: part + 1).squeezed(1)  // [N, 8]
    let entries = map.split(axis: 1, sizes: Array(repeating: 1, count: 8))
      .map { $0.reshaped([-1, 1, 1]) }
    let x = Tensor.range(size.width).reshaped([1, 1, -1])
    let y = Tensor.range(size.height).reshaped([1, -1, 1])
    let across = entries[0] * x + entries[1] * y + entries[2] / Float(scale.height)
    let down = entries[3] * x + entries[4] * y + entries[5] / Float(scale.width)
    return .stacked([halvesAway(across), halvesAway(down)], axis: 3)
  }

  /// The nearest whole number, halves away from zero.
  private func halvesAway(_ x: Tensor) -> Tensor { x.sign() * (x.abs() + 0.5).floor() }
}
