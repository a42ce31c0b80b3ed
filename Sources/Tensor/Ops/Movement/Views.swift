// Movements that only change how memory is read: nothing is copied until somebody needs the numbers in order.

extension Tensor {
  /// The same numbers in the same order, in another shape; one size may be -1 and is then found.
  public func reshaped(_ shape: [Int]) -> Tensor {
    var target = shape
    if let open = shape.firstIndex(of: -1) {
      target[open] = 1
      let known = Shape.count(target)
      precondition(
        known > 0 && count % known == 0,
        "[reshaped] \(count) elements of shape \(self.shape) do not fill \(shape)")
      target[open] = count / known
    }
    precondition(
      Shape.count(target) == count,
      "[reshaped] shape \(self.shape) has \(count) elements, \(shape) has \(Shape.count(target))")
    if target == self.shape { return self }
    let from = self.shape
    return Tensor(
      value.reshaped(target), derivatives: [Derivative(of: self) { g in g.reshaped(from) }])
  }

  /// The same numbers with the axes in another order: axis i of the result is axis `order[i]`.
  public func permuted(_ order: [Int]) -> Tensor {
    precondition(
      order.sorted() == Array(0..<rank), "[permuted] \(order) does not order \(rank) axes")
    if order == Array(0..<rank) { return self }
    let view = value.viewed(order.map { shape[$0] }) { strides, offset in
      (order.map { strides[$0] }, offset)
    }
    var inverse = order
    for (to, from) in order.enumerated() { inverse[from] = to }
    return Tensor(view, derivatives: [Derivative(of: self) { g in g.permuted(inverse) }])
  }

  /// The last two axes exchanged.
  public func transposed() -> Tensor {
    precondition(rank >= 2, "[transposed] a tensor of shape \(shape), expected two axes or more")
    var order = Array(0..<rank)
    order.swapAt(rank - 1, rank - 2)
    return permuted(order)
  }

  /// An axis of size 1 inserted at `axis`, counted in the result.
  public func expandedDims(_ axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank + 1, op: "expandedDims")
    var target = shape
    target.insert(1, at: axis)
    return reshaped(target)
  }

  /// The axis of size 1 at `axis` removed; all of them if `nil`.
  public func squeezed(_ axis: Int? = nil) -> Tensor {
    guard let axis else { return reshaped(shape.filter { $0 != 1 }) }
    let index = Shape.axis(axis, rank: rank, op: "squeezed")
    precondition(shape[index] == 1, "[squeezed] axis \(axis) of \(shape) is not of size 1")
    var target = shape
    target.remove(at: index)
    return reshaped(target)
  }

  /// The tensor stretched to a shape: axes are aligned at the end, size 1 repeats.
  public func broadcast(to target: [Int]) -> Tensor {
    if target == shape { return self }
    precondition(
      Shape.broadcast(shape, target, op: "broadcast") == target,
      "[broadcast] shape \(shape) does not stretch to \(target)")
    let from = shape
    let view =
      Shape.count(target) == count
      ? value.reshaped(target)
      : value.viewed(target) { strides, offset in
        (Shape.broadcastStrides(from, strides: strides, to: target), offset)
      }
    return Tensor(view, derivatives: [Derivative(of: self) { g in g.summed(to: from) }])
  }

  /// Elements `from..<to` along an axis; negative bounds count from the end.
  public func sliced(axis: Int, from: Int, to: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "sliced")
    let size = shape[axis]
    let low = from < 0 ? from + size : from
    let high = to < 0 ? to + size : to
    precondition(
      0 <= low && low <= high && high <= size,
      "[sliced] \(from)..<\(to) of axis \(axis), which has size \(size)")
    if low == 0 && high == size { return self }
    var target = shape
    target[axis] = high - low
    let view = value.viewed(target) { strides, offset in (strides, offset + low * strides[axis]) }
    return Tensor(
      view, derivatives: [Derivative(of: self, .slice(.init(axis: axis, range: low..<high)))])
  }

  /// The pieces of the given sizes along an axis.
  public func split(axis: Int, sizes: [Int]) -> [Tensor] {
    let axis = Shape.axis(axis, rank: rank, op: "split")
    precondition(
      sizes.reduce(0, +) == shape[axis],
      "[split] sizes \(sizes) of axis \(axis), which has size \(shape[axis])")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return sliced(axis: axis, from: start, to: start + size)
    }
  }

  /// The elements along an axis in reverse order.
  public func flipped(axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "flipped")
    let size = shape[axis]
    let view = value.viewed(shape) { strides, offset in
      var strides = strides
      let last = offset + (size - 1) * strides[axis]
      strides[axis] = -strides[axis]
      return (strides, last)
    }
    return Tensor(view, derivatives: [Derivative(of: self) { g in g.flipped(axis: axis) }])
  }

  /// `count` copies of the tensor, one behind the other along an axis.
  public func repeated(_ count: Int, axis: Int) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "repeated")
    precondition(count >= 0, "[repeated] \(count) copies")
    var stretched = shape
    stretched.insert(count, at: axis)
    var target = shape
    target[axis] *= count
    return expandedDims(axis).broadcast(to: stretched).reshaped(target)
  }
}
