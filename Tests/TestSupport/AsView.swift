import Tensor

/// The same numbers, read from memory in which the axes lie in reverse order and every second number belongs to
/// something else: what an op that assumes contiguous inputs would get wrong.
public func asView(_ x: Tensor) -> Tensor {
  let order = Array((0..<x.rank).reversed())
  let turned = x.permuted(order).expandedDims(-1)
  let spread = Tensor.concatenated([turned, turned + 1], axis: -1).evaluated()
  return spread.sliced(axis: -1, from: 0, to: 1).squeezed(-1).permuted(order)
}
