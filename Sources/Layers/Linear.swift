import Tensor

/// A linear map of the last axis.
///
///     y = x Wᵀ + b
///
/// Weight `[out, in]` and bias `[out]`, both drawn from `±1/√in` by default.
public struct Linear: WeightedLayer {
  /// Outputs are the first axis of the weight.
  public static var outputAxis: Int { 0 }
  /// `[out, in]`.
  public let weight: Parameter
  /// `[out]`.
  public let bias: Parameter?

  /// Creates a linear layer.
  ///
  /// - Parameters:
  ///   - inFeatures: the length of the input's last axis.
  ///   - outFeatures: the length of the output's last axis.
  ///   - bias: whether a bias is added.
  ///   - initial: the distribution of the weight.
  ///   - initialBias: the distribution of the bias.
  public init(
    _ inFeatures: Int, _ outFeatures: Int, bias: Bool = true,
    initial: Initializer = .fanInUniform, initialBias: Initializer = .fanInUniform
  ) {
    weight = Parameter([outFeatures, inFeatures], initial: initial)
    self.bias =
      bias ? Parameter([outFeatures], initial: initialBias.forBias(fanIn: inFeatures)) : nil
  }

  /// Maps `x [..., in]` to `[..., out]` with the given weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor {
    let (outFeatures, inFeatures) = (weight.shape[0], weight.shape[1])
    precondition(
      x.shape.last == inFeatures,
      "[Linear] expected \(inFeatures) features in the last axis, found shape \(x.shape)")
    let rows = x.rank == 2 ? x : x.reshaped([-1, inFeatures])
    let product = matmul(rows, weight, transposeB: true)
    let y = bias.map { product + $0.value } ?? product
    return x.rank == 2 ? y : y.reshaped(x.shape.dropLast() + [outFeatures])
  }
}
