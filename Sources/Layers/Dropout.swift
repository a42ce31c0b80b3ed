import Tensor

/// Sets elements to zero at random, and scales the others so that the expectation is kept.
///
///     y = x · mask / (1 − rate)
///
/// Active in training only. The mask is drawn from the context under the names `dropout.0`,
/// `dropout.1`, … in call order.
///
/// - Source: arXiv:1207.0580.
public struct Dropout: Layer {
  /// The probability that an element becomes zero.
  public let rate: Float

  /// Creates a dropout with a rate of at least 0 and less than 1.
  public init(_ rate: Float) {
    precondition((0..<1).contains(rate), "[Dropout] rate \(rate) is outside 0..<1")
    self.rate = rate
  }

  /// Drops elements of `x`, of any shape, in training; returns it unchanged in inference.
  public func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    guard context.isTraining, rate > 0 else { return x }
    return x * context.keepMask(rate: rate, shape: x.shape) * (1 / (1 - rate))
  }
}
