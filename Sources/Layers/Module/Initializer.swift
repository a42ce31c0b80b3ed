/// A distribution from which the first value of a weight is drawn.
///
/// Fan-in and fan-out are read off the shape as the field does: for `[out, in, kH, kW]` (and
/// `[out, in]`) fan-in is `in · kH · kW` and fan-out `out · kH · kW`. A transposed convolution's
/// `[in, out/groups, kH, kW]` is read by the same rule, as PyTorch does.
public enum Initializer: Hashable, Sendable {
  /// All zeros.
  case zeros
  /// All ones.
  case ones
  /// One value everywhere.
  case constant(Float)
  /// The given numbers, in row-major order; as many as the weight has.
  case values([Float])
  /// A normal distribution.
  case normal(mean: Float = 0, std: Float)
  /// The uniform distribution on `-bound...bound`.
  case uniform(bound: Float)
  /// The uniform distribution on `±1/√fan-in`, the default of convolutions and linear layers.
  ///
  /// A bias has no fan-in of its own; layers give it that of their weight.
  case fanInUniform
  /// Normal, with variance `gain² · 2 / (fan-in + fan-out)`.
  case xavierNormal(gain: Float = 1)
  /// Uniform, with variance `gain² · 2 / (fan-in + fan-out)`.
  case xavierUniform(gain: Float = 1)
  /// Normal, with variance `2 / ((1 + slope²) · fan-in)`, for layers before a leaky ReLU.
  case kaimingNormal(slope: Float = 0)
  /// Rows of `[out, rest]` orthonormal, or columns where there are more rows than columns.
  case orthogonal(gain: Float = 1)
  /// A random direction: normal draws divided by their Euclidean norm.
  case unitVector
}

extension Initializer {
  /// The same distribution for a bias beside a weight with `fanIn` inputs.
  func forBias(fanIn: Int) -> Initializer {
    self == .fanInUniform ? .uniform(bound: 1 / Float(fanIn).squareRoot()) : self
  }
}
