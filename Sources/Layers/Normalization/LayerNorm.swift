import Tensor

/// Normalises each sample over its last axes.
///
///     y = (x − mean) / sqrt(variance + epsilon) · weight + bias
///
/// Scale and offset have one number for each normalised element. The variance is the biased one.
/// The same in training and inference. Weight starts at 1, bias at 0.
///
/// - Source: arXiv:1607.06450.
public struct LayerNorm: Layer {
  /// Scale of each element, of the normalised shape; absent without affine map.
  public let weight: Parameter?
  /// Offset of each element, of the normalised shape; absent without affine map.
  public let bias: Parameter?
  /// The lengths of the last axes, over which statistics are taken.
  public let shape: [Int]
  /// Added to the variance, greater than 0.
  public let epsilon: Float

  /// Creates a layer normalisation.
  ///
  /// - Parameters:
  ///   - shape: the lengths of the last axes, such as `[features]` or `[H, W, C]`.
  ///   - epsilon: added to the variance, greater than 0.
  ///   - affine: whether each element is scaled and moved by learned numbers.
  public init(_ shape: [Int], epsilon: Float = 1e-5, affine: Bool = true) {
    weight = affine ? Parameter(shape, initial: .ones) : nil
    bias = affine ? Parameter(shape, initial: .zeros) : nil
    self.shape = shape
    self.epsilon = epsilon
  }

  /// Normalises `x` over its last axes.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(
      Array(x.shape.suffix(shape.count)) == shape,
      "[LayerNorm] expected \(shape) as last axes, found shape \(x.shape)")
    let axes = Array((x.rank - shape.count)..<x.rank)
    return affineMap(standardized(x, axes: axes, epsilon: epsilon).output, weight, bias)
  }

  /// Normalises `x` over its last axes; the same in training and inference.
  public func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor { self(x) }
}
