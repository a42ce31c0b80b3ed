extension Tensor {
  /// A tensor of the given numbers, row-major.
  public init(_ values: [Float], _ shape: [Int]) {
    precondition(
      values.count == Shape.count(shape),
      "[tensor] \(values.count) numbers for shape \(shape), expected \(Shape.count(shape))")
    self.init(Storage(values), shape: shape)
  }

  /// Lends memory for the numbers of `shape`, row-major, to `fill`, which writes each of them.
  ///
  /// For codecs and files only; everything else is an op.
  public init(
    _ shape: [Int], filledBy fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    let storage = Storage(count: Shape.count(shape))
    try fill(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
    self.init(storage, shape: shape)
  }

  /// A scalar, of rank 0.
  public init(_ scalar: Float) { self.init([scalar], []) }

  /// A tensor of zeros; takes no memory until somebody needs it there.
  public static func zeros(_ shape: [Int]) -> Tensor { full(0, shape) }

  /// A tensor of ones; takes no memory until somebody needs it there.
  public static func ones(_ shape: [Int]) -> Tensor { full(1, shape) }

  /// A tensor of equal numbers; takes no memory until somebody needs it there.
  public static func full(_ value: Float, _ shape: [Int]) -> Tensor {
    precondition(shape.allSatisfy { $0 >= 0 }, "[full] shape \(shape) has a negative size")
    return Tensor(Value(shape, .constant(value)))
  }

  /// 0, 1, … n - 1.
  public static func range(_ n: Int) -> Tensor {
    Tensor((0..<n).map { Float($0) }, [n])
  }
}

// MARK: - Evaluation

extension Tensor {
  /// Computes the tensor now and returns it.
  ///
  /// Never needed for correctness; a way to say when work happens and what is kept.
  @discardableResult
  public func evaluated() -> Tensor {
    _ = value.materialized()
    return self
  }

  /// Computes several tensors now; those of equal element count in one pass over memory.
  public static func evaluate(_ tensors: [Tensor]) {
    Evaluation.run(tensors.map(\.value))
  }
}
