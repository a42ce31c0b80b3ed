extension Tensor {
  /// Tensors one behind the other along an axis; the other axes agree.
  public static func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
    guard let first = tensors.first else { preconditionFailure("[concatenated] no tensors") }
    let axis = Shape.axis(axis, rank: first.rank, op: "concatenated")
    var target = first.shape
    target[axis] = 0
    for tensor in tensors {
      var others = tensor.shape
      precondition(
        others.count == target.count, "[concatenated] ranks differ: \(tensors.map(\.shape))")
      target[axis] += others[axis]
      others[axis] = target[axis]
      precondition(
        others == target, "[concatenated] shapes \(tensors.map(\.shape)) along axis \(axis)")
    }
    if tensors.count == 1 { return first }
    let output = backend.concatenate(tensors.map(\.value), shape: target, axis: axis)
    return Tensor(
      output, shape: target,
      derivatives: {
        var start = 0
        return tensors.map { tensor in
          let from = start
          let size = tensor.shape[axis]
          start += size
          return Derivative(of: tensor) { g in g.sliced(axis: axis, from: from, to: from + size) }
        }
      }())
  }

  /// Tensors of equal shape along a new axis, counted in the result.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    concatenated(tensors.map { $0.expandedDims(axis) }, axis: axis)
  }

  /// Zeros before and after, along one axis.
  func zeroPadded(axis: Int, before: Int, after: Int) -> Tensor {
    if before == 0 && after == 0 { return self }
    func zeros(_ size: Int) -> [Tensor] {
      if size == 0 { return [] }
      var border = shape
      border[axis] = size
      return [Tensor.zeros(border)]
    }
    return Tensor.concatenated(zeros(before) + [self] + zeros(after), axis: axis)
  }
}
