/// How a tensor's numbers lie in a storage.
struct StridedLayout: Equatable {
  /// Its sizes.
  let shape: [Int]
  /// How far apart neighbours are, by axis.
  let strides: [Int]
  /// Where the first number lies.
  let offset: Int
  /// How many numbers there are.
  let count: Int
  /// One more than the furthest place that is read; `offset` where there are no numbers.
  let end: Int

  /// Checks that everything lies within a storage; nil where it does not, or sizes overflow.
  init?(_ shape: [Int], strides: [Int], offset: Int, within limit: Int) {
    guard shape.count == strides.count, shape.count <= 64, offset >= 0 else { return nil }
    var (count, last) = (1, offset)
    for (size, stride) in zip(shape, strides) {
      guard size >= 0, stride >= 0 else { return nil }
      let product = count.multipliedReportingOverflow(by: size)
      let step = stride.multipliedReportingOverflow(by: max(size - 1, 0))
      let place = last.addingReportingOverflow(step.partialValue)
      guard !product.overflow, !step.overflow, !place.overflow else { return nil }
      (count, last) = (product.partialValue, place.partialValue)
    }
    guard count.multipliedReportingOverflow(by: 8).overflow == false else { return nil }
    let end = count == 0 ? offset : last + 1
    guard end <= limit else { return nil }
    (self.shape, self.strides, self.offset) = (shape, strides, offset)
    (self.count, self.end) = (count, end)
  }

  /// Numbers that lie one after another, the last axis fastest.
  init?(_ shape: [Int], offset: Int = 0, within limit: Int) {
    self.init(shape, strides: StridedLayout.rowMajor(shape), offset: offset, within: limit)
  }

  /// Whether the numbers lie one after another, the last axis fastest.
  var isContiguous: Bool {
    let expected = StridedLayout.rowMajor(shape)
    return count == 0 || shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == expected[$0] }
  }

  /// The same numbers with the axes in another order.
  func permuted(_ order: [Int]) -> StridedLayout {
    let layout = StridedLayout(
      order.map { shape[$0] }, strides: order.map { strides[$0] }, offset: offset, within: end)
    guard let layout else {
      preconditionFailure("[StridedLayout] \(order) is no order of the axes of \(shape)")
    }
    return layout
  }

  /// The strides of numbers that lie one after another, the last axis fastest.
  static func rowMajor(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1].multipliedReportingOverflow(by: shape[axis + 1]).0
    }
    return strides
  }

  /// Takes the numbers out of those from `offset` to `end`.
  func gathered(_ values: [Float]) -> [Float] {
    guard let inner = shape.last, count > 0 else { return values }
    var result: [Float] = []
    result.reserveCapacity(count)
    var index = [Int](repeating: 0, count: shape.count - 1)
    var row = 0
    let step = strides[shape.count - 1]
    while true {
      var place = row
      for _ in 0..<inner {
        result.append(values[place])
        place += step
      }
      var axis = shape.count - 2
      while axis >= 0 {
        index[axis] += 1
        row += strides[axis]
        if index[axis] < shape[axis] { break }
        row -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return result }
    }
  }
}
