/// Sizes, row-major strides and broadcasting of shapes.
enum Shape {
  /// The number of elements of a shape.
  static func count(_ shape: [Int]) -> Int {
    var count = 1
    for size in shape {
      precondition(size >= 0, "[tensor] a size below 0 in shape \(shape)")
      count *= size
    }
    return count
  }

  /// Distances between neighbours along each axis, row-major.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step *= shape[axis]
    }
    return strides
  }

  /// The shape of an element-wise result: axes are aligned at the end, size 1 stretches.
  static func broadcast(_ a: [Int], _ b: [Int], op: StaticString) -> [Int] {
    if a == b { return a }
    let rank = max(a.count, b.count)
    var result = [Int](repeating: 1, count: rank)
    for i in 0..<rank {
      let sizeA = i < a.count ? a[a.count - 1 - i] : 1
      let sizeB = i < b.count ? b[b.count - 1 - i] : 1
      precondition(
        sizeA == sizeB || sizeA == 1 || sizeB == 1,
        "[\(op)] shapes \(a) and \(b) do not broadcast")
      result[rank - 1 - i] = sizeA == 1 ? sizeB : sizeA
    }
    return result
  }

  /// The strides with which a value of shape `from` is read as if it had shape `to`: 0 where it stretches.
  static func broadcastStrides(_ from: [Int], strides: [Int], to: [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: to.count)
    let shift = to.count - from.count
    for axis in from.indices where from[axis] != 1 { result[shift + axis] = strides[axis] }
    return result
  }

  /// An axis counted from the front; negative ones count from the end.
  static func axis(_ axis: Int, rank: Int, op: StaticString) -> Int {
    let index = axis < 0 ? axis + rank : axis
    precondition(index >= 0 && index < rank, "[\(op)] axis \(axis) of a tensor of rank \(rank)")
    return index
  }

  /// Merges neighbouring axes that one stride can serve, and drops axes of size 1.
  static func collapse(_ shape: [Int], _ strides: [Int]) -> (sizes: [Int], strides: [Int]) {
    var sizes: [Int] = []
    var steps: [Int] = []
    for axis in shape.indices where shape[axis] != 1 {
      if let size = sizes.last, let step = steps.last, step == strides[axis] * shape[axis] {
        sizes[sizes.count - 1] = size * shape[axis]
        steps[steps.count - 1] = strides[axis]
      } else {
        sizes.append(shape[axis])
        steps.append(strides[axis])
      }
    }
    return (sizes, steps)
  }
}
