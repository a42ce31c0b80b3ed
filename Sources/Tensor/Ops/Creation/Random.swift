internal import Kernels

extension Tensor {
  /// Independent draws from the normal distribution of mean 0 and variance 1.
  public static func normal(_ shape: [Int], using random: inout RandomStream) -> Tensor {
    Tensor(
      backend.random(.normal, count: Shape.count(shape), low: 0, high: 1, using: &random),
      shape: shape)
  }

  /// Independent draws, uniform between the bounds of `range`; the upper one is excluded.
  public static func uniform(
    _ shape: [Int], in range: ClosedRange<Float> = 0...1, using random: inout RandomStream
  ) -> Tensor {
    Tensor(
      backend.random(
        .uniform, count: Shape.count(shape), low: range.lowerBound, high: range.upperBound,
        using: &random), shape: shape)
  }
}
