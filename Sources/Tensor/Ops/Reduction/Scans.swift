extension Tensor {
  /// The position of the greatest element along an axis, the first among equals; without derivative.
  public func argmax(axis: Int = -1) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "argmax")
    precondition(shape[axis] > 0, "[argmax] axis \(axis) of \(shape) is empty")
    let output = backend.argmax(storage, over: Shape.space(shape, axis))
    return Tensor(output, shape: Shape.dropping([axis], from: shape))
  }

  /// Running sums along an axis, each including its own element.
  public func cumulativeSum(axis: Int = -1) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "cumulativeSum")
    let output = backend.cumulativeSum(storage, over: Shape.space(shape, axis))
    return Tensor(
      output, shape: shape,
      derivatives: [
        Derivative(of: self) { g in
          g.flipped(axis: axis).cumulativeSum(axis: axis).flipped(axis: axis)
        }
      ])
  }
}

extension Shape {
  /// A shape seen as `[A, R, B]` around one axis.
  static func space(_ shape: [Int], _ axis: Int) -> Reduction.Space {
    Reduction.Space(
      a: count(Array(shape[..<axis])), r: shape[axis], b: count(Array(shape[(axis + 1)...])))
  }
}
