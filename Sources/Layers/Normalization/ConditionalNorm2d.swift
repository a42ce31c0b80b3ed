import Tensor

/// Normalises, then scales and moves each channel as a condition tells, where a mask lets it.
///
///     y = norm(x) · (1 + m · γ(c)) + m · β(c)
///
/// γ and β are linear maps of the condition, or perceptrons with one hidden layer. The last weight and bias of each
/// start at zero: the layer starts as the plain normalisation, which it stays outside of the mask.
///
/// - Source: arXiv:1707.00683, section 4, without mask; with mask arXiv:2104.00567, equation 5.
public struct ConditionalNorm2d: Module {
  /// The normalisation, without an affine map of its own.
  public let norm: any Layer
  /// The linear maps from the condition to γ, with ReLU between.
  public let scale: [Linear]
  /// The linear maps from the condition to β, with ReLU between.
  public let shift: [Linear]

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - channels: the channels of `x`.
  ///   - conditionSize: the length of the condition.
  ///   - hidden: the width of the hidden layer; there is none if absent.
  ///   - norm: the normalisation; a batch normalisation without affine map if absent.
  public init(
    _ channels: Int, conditionSize: Int, hidden: Int? = nil, norm: (any Layer)? = nil
  ) {
    func perceptron() -> [Linear] {
      let last = Linear(
        hidden ?? conditionSize, channels, initial: .zeros, initialBias: .zeros)
      return (hidden.map { [Linear(conditionSize, $0)] } ?? []) + [last]
    }
    self.norm = norm ?? BatchNorm2d(channels, affine: false)
    scale = perceptron()
    shift = perceptron()
  }

  /// Normalises a map.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`.
  ///   - condition: `[N, size]`.
  ///   - mask: `[N, H, W, 1]`, how much the condition counts at each position; everywhere 1 if absent.
  ///   - context: training or inference, for the normalisation.
  /// - Returns: `[N, H, W, C]`.
  public func callAsFunction(
    _ x: Tensor, _ condition: Tensor, mask: Tensor? = nil, in context: CallContext
  ) -> Tensor {
    precondition(
      x.rank == 4 && condition.rank == 2 && x.shape[0] == condition.shape[0],
      "[ConditionalNorm2d] condition \(condition.shape) for x \(x.shape), expected [N, size]")
    func told(_ maps: [Linear]) -> Tensor {
      var y = condition
      for (index, map) in maps.enumerated() { y = map(index == 0 ? y : y.relu()) }
      let channels = y.reshaped([x.shape[0], 1, 1, x.shape[3]])
      return mask.map { $0 * channels } ?? channels
    }
    return norm(x, in: context) * (1 + told(scale)) + told(shift)
  }
}
