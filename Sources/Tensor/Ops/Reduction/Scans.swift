extension Tensor {
  /// The position of the greatest element along an axis, the first among equals; without derivative.
  public func argmax(axis: Int = -1) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "argmax")
    precondition(shape[axis] > 0, "[argmax] axis \(axis) of \(shape) is empty")
    let output = backend.argmax(storage, over: Shape.space(shape, axis))
    return Tensor(output, shape: Shape.dropping([axis], from: shape))
  }

  /// The position of the smallest element along an axis, the first among equals; without derivative.
  public func argmin(axis: Int = -1) -> Tensor { (-detached()).argmax(axis: axis) }

  /// The positions of the elements along an axis in the order of their size; without derivative.
  ///
  /// Equal elements stay in the order in which they stand. Gather with it to sort by length.
  ///
  /// - Parameters:
  ///   - axis: the axis whose elements are compared.
  ///   - order: which end of the scale comes first.
  /// - Returns: whole numbers in the shape of this tensor.
  public func argsort(axis: Int = -1, _ order: SortOrder = .ascending) -> Tensor {
    let axis = Shape.axis(axis, rank: rank, op: "argsort")
    let space = Shape.space(shape, axis)
    let numbers = scalars()
    var result = [Float](repeating: 0, count: numbers.count)
    for outer in 0..<space.a {
      for inner in 0..<space.b {
        let start = outer * space.r * space.b + inner
        let line = (0..<space.r).map { numbers[start + $0 * space.b] }
        let places = line.indices.sorted { i, j in
          if line[i] == line[j] { return i < j }
          return order == .ascending ? line[i] < line[j] : line[i] > line[j]
        }
        for (rank, place) in places.enumerated() {
          result[start + rank * space.b] = Float(place)
        }
      }
    }
    return Tensor(result, shape)
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

/// Which end of a scale comes first.
public enum SortOrder: Sendable {
  /// The smallest first.
  case ascending
  /// The greatest first.
  case descending
}

extension Shape {
  /// A shape seen as `[A, R, B]` around one axis.
  static func space(_ shape: [Int], _ axis: Int) -> Reduction.Space {
    Reduction.Space(
      a: count(Array(shape[..<axis])), r: shape[axis], b: count(Array(shape[(axis + 1)...])))
  }
}
