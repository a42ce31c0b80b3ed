import Tensor

/// Normalises groups of channels of each sample over the group and all positions.
///
///     y = (x − mean) / sqrt(variance + epsilon) · weight + bias
///
/// Takes `[N, H, W, C]` or `[N, C]`. The variance is the biased one. The same in training and
/// inference. Weight starts at 1, bias at 0.
///
/// - Source: arXiv:1803.08494.
public struct GroupNorm: Layer {
  /// Scale of each channel, `[C]`; absent without affine map.
  public let weight: Parameter?
  /// Offset of each channel, `[C]`; absent without affine map.
  public let bias: Parameter?
  /// Number of groups.
  public let groups: Int
  /// Number of channels.
  public let channels: Int
  /// Added to the variance, greater than 0.
  public let epsilon: Float

  /// Creates a group normalisation.
  ///
  /// - Parameters:
  ///   - groups: the number of groups; divides `channels`.
  ///   - channels: the length of the last axis.
  ///   - epsilon: added to the variance, greater than 0.
  ///   - affine: whether each channel is scaled and moved by learned numbers.
  public init(groups: Int, _ channels: Int, epsilon: Float = 1e-5, affine: Bool = true) {
    precondition(
      groups > 0 && channels % groups == 0,
      "[GroupNorm] \(groups) groups do not divide \(channels) channels")
    weight = affine ? Parameter([channels], initial: .ones) : nil
    bias = affine ? Parameter([channels], initial: .zeros) : nil
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
  }

  /// Normalises `x [N, H, W, C]` or `[N, C]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(
      x.rank >= 2 && x.shape.last == channels,
      "[GroupNorm] expected \(channels) channels in the last axis, found shape \(x.shape)")
    let positions = x.shape.dropFirst().dropLast().reduce(1, *)
    let grouped = x.reshaped([x.shape[0], positions, groups, channels / groups])
    let output = standardized(grouped, axes: [1, 3], epsilon: epsilon).output
    return affineMap(output.reshaped(x.shape), weight, bias)
  }

  /// Normalises `x [N, H, W, C]` or `[N, C]`; the same in training and inference.
  public func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor { self(x) }
}
