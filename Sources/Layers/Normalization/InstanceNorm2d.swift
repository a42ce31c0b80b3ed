import Tensor

/// Normalises each channel of each sample over its positions.
///
///     y = (x − mean) / sqrt(variance + epsilon)
///
/// Takes `[N, H, W, C]` with more than one position; a single position has no variance and stops
/// the program, as it raises an error in PyTorch. The variance is the biased one. No affine map and
/// no running statistics by default: the same in training and inference then. With a momentum,
/// training moves running statistics, means over the samples' own (variances unbiased), and
/// inference normalises by these.
///
/// - Source: arXiv:1607.08022.
public struct InstanceNorm2d: Layer {
  /// Scale of each channel, `[C]`; absent without affine map.
  public let weight: Parameter?
  /// Offset of each channel, `[C]`; absent without affine map.
  public let bias: Parameter?
  /// Moving average of the samples' means, `[C]`; absent without momentum.
  public let runningMean: Buffer?
  /// Moving average of the samples' unbiased variances, `[C]`; absent without momentum.
  public let runningVariance: Buffer?
  /// Number of channels.
  public let channels: Int
  /// Added to the variance, greater than 0.
  public let epsilon: Float
  /// Share of the newest batch in the running statistics, in 0...1; absent where there are none.
  public let momentum: Float?

  /// Creates an instance normalisation.
  ///
  /// - Parameters:
  ///   - channels: the length of the last axis.
  ///   - epsilon: added to the variance, greater than 0.
  ///   - affine: whether each channel is scaled and moved by learned numbers.
  ///   - momentum: the share of the newest batch in running statistics; none are kept if absent.
  public init(
    _ channels: Int, epsilon: Float = 1e-5, affine: Bool = false, momentum: Float? = nil
  ) {
    weight = affine ? Parameter([channels], initial: .ones) : nil
    bias = affine ? Parameter([channels], initial: .zeros) : nil
    runningMean = momentum.map { _ in Buffer([channels], initial: .zeros) }
    runningVariance = momentum.map { _ in Buffer([channels], initial: .ones) }
    self.channels = channels
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// Normalises `x [N, H, W, C]` by its own statistics and leaves running ones alone.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    affineMap(checkedStandardized(x).output, weight, bias)
  }

  /// Normalises `x [N, H, W, C]`; the same in training and inference without running statistics.
  public func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    guard let runningMean, let runningVariance, let momentum else { return self(x) }
    if !context.isTraining {
      return RunningStatistics.normalize(
        x, runningMean, runningVariance, epsilon: epsilon, weight: weight, bias: bias)
    }
    let (output, mean, variance) = checkedStandardized(x)
    if context.updatesBuffers && x.shape[0] > 0 {
      let newest = (
        mean: mean.mean(axes: [0, 1, 2]), variance: variance.mean(axes: [0, 1, 2])
      )
      RunningStatistics.move(
        runningMean, runningVariance, towards: newest, count: x.shape[1] * x.shape[2],
        momentum: momentum)
    }
    return affineMap(output, weight, bias)
  }

  private func checkedStandardized(
    _ x: Tensor
  ) -> (output: Tensor, mean: Tensor, variance: Tensor) {
    precondition(
      x.rank == 4 && x.shape[3] == channels,
      "[InstanceNorm2d] expected [N, H, W, \(channels)], found shape \(x.shape)")
    precondition(
      x.shape[1] * x.shape[2] > 1,
      "[InstanceNorm2d] one position per sample has no variance: \(x.shape)")
    return standardized(x, axes: [1, 2], epsilon: epsilon)
  }
}
