import Tensor

/// Normalises each channel of each sample over its positions.
///
///     y = (x − mean) / sqrt(variance + epsilon)
///
/// Takes `[N, H, W, C]` with more than one position; a single position has no variance and stops
/// the program, as it raises an error in PyTorch. The variance is the biased one. No affine map
/// by default, no running statistics; the same in training and inference.
///
/// - Source: arXiv:1607.08022.
public struct InstanceNorm2d: Layer {
  /// Scale of each channel, `[C]`; absent without affine map.
  public let weight: Parameter?
  /// Offset of each channel, `[C]`; absent without affine map.
  public let bias: Parameter?
  /// Number of channels.
  public let channels: Int
  /// Added to the variance, greater than 0.
  public let epsilon: Float

  /// Creates an instance normalisation.
  ///
  /// - Parameters:
  ///   - channels: the length of the last axis.
  ///   - epsilon: added to the variance, greater than 0.
  ///   - affine: whether each channel is scaled and moved by learned numbers.
  public init(_ channels: Int, epsilon: Float = 1e-5, affine: Bool = false) {
    weight = affine ? Parameter([channels], initial: .ones) : nil
    bias = affine ? Parameter([channels], initial: .zeros) : nil
    self.channels = channels
    self.epsilon = epsilon
  }

  /// Normalises `x [N, H, W, C]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && x.shape[3] == channels,
      "[InstanceNorm2d] expected [N, H, W, \(channels)], found shape \(x.shape)")
    precondition(
      x.shape[1] * x.shape[2] > 1,
      "[InstanceNorm2d] one position per sample has no variance: \(x.shape)")
    return affineMap(standardized(x, axes: [1, 2], epsilon: epsilon).output, weight, bias)
  }

  /// Normalises `x [N, H, W, C]`; the same in training and inference.
  public func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor { self(x) }
}
