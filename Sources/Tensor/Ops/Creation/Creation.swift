extension Tensor {
  /// A tensor of the given numbers, row-major.
  public init(_ values: [Float], _ shape: [Int]) {
    precondition(
      values.count == Shape.count(shape),
      "[tensor] \(values.count) numbers for shape \(shape), expected \(Shape.count(shape))")
    self.init(Storage(values), shape: shape)
  }

  /// A scalar, of rank 0.
  public init(_ scalar: Float) { self.init([scalar], []) }

  /// A tensor of ones.
  public static func ones(_ shape: [Int]) -> Tensor { full(1, shape) }

  /// A tensor of zeros.
  public static func zeros(_ shape: [Int]) -> Tensor { full(0, shape) }

  /// A tensor of equal numbers.
  public static func full(_ value: Float, _ shape: [Int]) -> Tensor {
    Tensor([Float](repeating: value, count: Shape.count(shape)), shape)
  }

  /// The sum of two tensors of equal shape.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    Tensor(zip(a.scalars(), b.scalars()).map { $0 + $1 }, a.shape)
  }
}
