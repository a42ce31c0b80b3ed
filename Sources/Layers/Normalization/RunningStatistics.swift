import Tensor

/// The moving averages that normalisations keep of their batches' statistics; both or neither are there.
enum RunningStatistics {
  /// Moves the averages towards the newest batch.
  ///
  /// - Parameters:
  ///   - mean: `[C]`, moved in place.
  ///   - variance: `[C]`, moved in place; of unbiased variances.
  ///   - newest: mean and biased variance of the batch, `[C]` each.
  ///   - count: over how many numbers the statistics were taken, more than 1.
  ///   - momentum: the share of the newest.
  static func move(
    _ mean: Buffer, _ variance: Buffer, towards newest: (mean: Tensor, variance: Tensor),
    count: Int, momentum: Float
  ) {
    withoutGradient {
      let unbiased = newest.variance.detached() * (Float(count) / Float(count - 1))
      mean.value = mean.value * (1 - momentum) + newest.mean.detached() * momentum
      variance.value = variance.value * (1 - momentum) + unbiased * momentum
    }
  }

  /// Normalises the last axis by the averages, and scales and moves it.
  static func normalize(
    _ x: Tensor, _ mean: Buffer, _ variance: Buffer, epsilon: Float, weight: Parameter?,
    bias: Parameter?
  ) -> Tensor {
    let inverse = (variance.value + epsilon).rsqrt()
    let scale = weight.map { $0.value * inverse } ?? inverse
    let offset = -mean.value * scale
    return x * scale + (bias.map { $0.value + offset } ?? offset)
  }
}
