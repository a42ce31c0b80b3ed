import Tensor

/// Normalises each channel over the batch and all positions.
///
///     y = (x − mean) / sqrt(variance + epsilon) · weight + bias
///
/// Takes `[N, H, W, C]` or `[N, C]`. In training the statistics are those of the batch, with the
/// biased variance; running statistics move towards them, with the unbiased variance:
/// `running = (1 − momentum) · running + momentum · batch`. In inference the running statistics
/// are used. Weight starts at 1, bias at 0, running mean at 0, running variance at 1.
///
/// - Source: arXiv:1502.03167, algorithm 1.
public struct BatchNorm2d: Layer {
  /// Scale of each channel, `[C]`; absent without affine map.
  public let weight: Parameter?
  /// Offset of each channel, `[C]`; absent without affine map.
  public let bias: Parameter?
  /// Moving average of the batch means, `[C]`.
  public let runningMean: Buffer
  /// Moving average of the batches' unbiased variances, `[C]`.
  public let runningVariance: Buffer
  /// Number of channels.
  public let channels: Int
  /// Added to the variance, greater than 0.
  public let epsilon: Float
  /// Share of the newest batch in the running statistics, in 0...1.
  public let momentum: Float

  /// Creates a batch normalisation.
  ///
  /// - Parameters:
  ///   - channels: the length of the last axis.
  ///   - epsilon: added to the variance, greater than 0.
  ///   - momentum: the share of the newest batch in the running statistics, in 0...1.
  ///   - affine: whether each channel is scaled and moved by learned numbers.
  ///   - initial: the distribution of the scale.
  public init(
    _ channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1, affine: Bool = true,
    initial: Initializer = .ones
  ) {
    weight = affine ? Parameter([channels], initial: initial) : nil
    bias = affine ? Parameter([channels], initial: .zeros) : nil
    runningMean = Buffer([channels], initial: .zeros)
    runningVariance = Buffer([channels], initial: .ones)
    self.channels = channels
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// Normalises `x [N, H, W, C]` or `[N, C]`.
  public func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    precondition(
      x.rank >= 2 && x.shape.last == channels,
      "[BatchNorm2d] expected \(channels) channels in the last axis, found shape \(x.shape)")
    return context.isTraining ? training(x, updating: context.updatesBuffers) : inference(x)
  }

  private func training(_ x: Tensor, updating: Bool) -> Tensor {
    let count = x.count / channels
    precondition(count > 1, "[BatchNorm2d] one value per channel has no variance: \(x.shape)")
    let (output, mean, variance) = standardized(
      x, axes: Array(0..<(x.rank - 1)), epsilon: epsilon)
    if updating {
      let newest = (mean: mean.reshaped([channels]), variance: variance.reshaped([channels]))
      RunningStatistics.move(
        runningMean, runningVariance, towards: newest, count: count, momentum: momentum)
    }
    return affineMap(output, weight, bias)
  }

  private func inference(_ x: Tensor) -> Tensor {
    RunningStatistics.normalize(
      x, runningMean, runningVariance, epsilon: epsilon, weight: weight, bias: bias)
  }
}

/// `x · weight + bias` along the last axis, with what there is of the two.
func affineMap(_ x: Tensor, _ weight: Parameter?, _ bias: Parameter?) -> Tensor {
  let scaled = weight.map { x * $0.value } ?? x
  return bias.map { scaled + $0.value } ?? scaled
}
