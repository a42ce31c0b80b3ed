/// Numbers with a shape, independent of the engine, so that samples can be made on any thread.
public struct Field: Sendable, Hashable {
  /// Sizes, outermost first; of one sample, so without the batch dimension.
  public let shape: [Int]
  /// The numbers, row by row.
  public let values: [Float]

  /// Creates a field; `values.count` must be the product of `shape`.
  public init(_ values: [Float], shape: [Int]) {
    precondition(
      values.count == shape.reduce(1, *),
      "[Field] \(values.count) values for shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// Creates a field of one number, shape `[]`.
  public init(_ value: Float) { self.init([value], shape: []) }
}

/// One item of a dataset: a field a port (or part of a port), without the batch dimension.
public typealias Sample = [String: Field]
