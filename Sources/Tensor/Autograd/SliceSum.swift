/// Derivatives that cover slices of one tensor, collected until all have come.
///
/// The channels of a gate, the steps of a sequence: each slice's derivative alone is zero nearly everywhere. Those
/// that do not overlap are laid one behind the other, so that each number is written once.
struct SliceSum {
  let shape: [Int]
  private var parts: [(region: Derivative.Region, tensor: Tensor)] = []

  init(shape: [Int]) { self.shape = shape }

  mutating func add(_ tensor: Tensor, at region: Derivative.Region) {
    parts.append((region, tensor))
  }

  /// Tensors of the whole shape whose sum is the sum of the parts.
  func joined() -> [Tensor] {
    var rest = parts
    var layers: [Tensor] = []
    while let axis = rest.first?.region.axis {
      let along = rest.filter { $0.region.axis == axis }
      var left = rest.filter { $0.region.axis != axis }
      var row: [Tensor] = []
      var end = 0
      for part in along.sorted(by: { $0.region.range.lowerBound < $1.region.range.lowerBound }) {
        if part.region.range.lowerBound < end {
          left.append(part)
          continue
        }
        row += zeros(axis, part.region.range.lowerBound - end) + [part.tensor]
        end = part.region.range.upperBound
      }
      row += zeros(axis, shape[axis] - end)
      layers.append(Tensor.concatenated(row, axis: axis))
      rest = left
    }
    return layers
  }

  private func zeros(_ axis: Int, _ size: Int) -> [Tensor] {
    if size == 0 { return [] }
    var border = shape
    border[axis] = size
    return [Tensor.zeros(border)]
  }
}
