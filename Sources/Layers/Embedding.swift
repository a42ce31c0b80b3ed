import Tensor

/// A table with one learned vector for each number from 0 to `count − 1`.
///
/// Weight `[count, size]`, drawn from the standard normal distribution by default.
public struct Embedding: Layer {
  /// `[count, size]`.
  public let weight: Parameter

  /// Creates a table of `count` vectors of length `size`.
  public init(_ count: Int, _ size: Int, initial: Initializer = .normal(std: 1)) {
    weight = Parameter([count, size], initial: initial)
  }

  /// Looks up `indices [...]`, whole numbers in `0..<count`, and returns `[..., size]`.
  public func callAsFunction(_ indices: Tensor) -> Tensor {
    weight.value.gathered(rows: indices)
  }

  /// Looks up `indices [...]`; the same in training and inference.
  public func callAsFunction(_ indices: Tensor, in context: CallContext) -> Tensor {
    self(indices)
  }
}
