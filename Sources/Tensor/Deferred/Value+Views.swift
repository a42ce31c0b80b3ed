extension Value {
  /// The same numbers in the same order, in another shape of equal count.
  func reshaped(_ shape: [Int]) -> Value {
    if shape == self.shape { return self }
    if let storage { return Value(shape, storage: storage) }
    switch expression {
    case .constant: return Value(shape, .constant(constant ?? 0))
    case .reshape(let source): return source.reshaped(shape)
    default: return Value(shape, .reshape(self))
    }
  }

  /// The same numbers, read with other strides.
  ///
  /// `view` turns this value's strides and offset into those of the result, axis by axis.
  func viewed(
    _ shape: [Int], _ view: (_ strides: [Int], _ offset: Int) -> (strides: [Int], offset: Int)
  ) -> Value {
    if let constant { return Value(shape, .constant(constant)) }
    if case .strided(let base, let strides, let offset)? = expression {
      let (newStrides, newOffset) = view(strides, offset)
      return Value(shape, .strided(base, strides: newStrides, offset: newOffset))
    }
    let (strides, offset) = view(Shape.strides(self.shape), 0)
    return Value(shape, .strided(self, strides: strides, offset: offset))
  }
}
