import Tensor

/// A layer whose weight is divided by an estimate of its largest singular value.
///
///     v ← normalize(Wᵀ u);  u ← normalize(W v);  σ = uᵀ W v;  y = layer(x) with W / σ
///
/// `W` is the weight as `[out, rest]`, over all groups at once; a transposed convolution's weight
/// has its second axis put first. In training each call makes one iteration; the new `u` and `v`
/// are kept only where the context updates buffers. In inference the stored ones are used as they
/// are. Gradients pass through σ into the weight, but not through `u` and `v`.
///
/// `u` and `v` start as random directions and converge over the first calls.
///
/// - Source: arXiv:1802.05957, algorithm 1; as `torch.nn.utils.spectral_norm`.
public struct SpectralNorm: Layer {
  /// The weight before division, in its layer's layout.
  public let weight: Parameter
  /// The layer's bias, which is left as it is.
  public let bias: Parameter?
  /// Estimate of the left singular vector, `[out]`.
  public let u: Buffer
  /// Estimate of the right singular vector, `[rest]`.
  public let v: Buffer
  private let outputAxis: Int
  private let layer: (_ x: Tensor, _ weight: Tensor) -> Tensor

  /// Wraps a layer, which shares its weight and bias with the result.
  public init<Wrapped: WeightedLayer>(_ wrapped: Wrapped) {
    weight = wrapped.weight
    bias = wrapped.bias
    outputAxis = Wrapped.outputAxis
    let outputs = weight.shape[outputAxis]
    u = Buffer([outputs], initial: .unitVector)
    v = Buffer([weight.count / outputs], initial: .unitVector)
    layer = { x, weight in wrapped(x, weight: weight) }
  }

  /// Applies the wrapped layer with its weight divided.
  public func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    layer(x, normalizedWeight(in: context))
  }

  /// The weight divided by the estimate of its largest singular value.
  public func normalizedWeight(in context: CallContext) -> Tensor {
    let matrix = matrix(of: weight.value)  // [out, rest]
    var (left, right) = (u.value, v.value)
    if context.isTraining {
      (left, right) = withoutGradient { iterated(matrix.detached(), left) }
      if context.updatesBuffers {
        u.value = left
        v.value = right
      }
    }
    let image = matmul(matrix, right.reshaped([-1, 1]))  // [out, 1]
    let sigma = (image.reshaped([-1]) * left).sum()
    return weight.value / sigma
  }

  private func matrix(of weight: Tensor) -> Tensor {
    let others = (0..<weight.rank).filter { $0 != outputAxis }
    let outputsFirst = outputAxis == 0 ? weight : weight.permuted([outputAxis] + others)
    return outputsFirst.reshaped([outputsFirst.shape[0], -1])
  }

  private func iterated(_ matrix: Tensor, _ u: Tensor) -> (Tensor, Tensor) {
    let right = unit(matmul(u.reshaped([1, -1]), matrix).reshaped([-1]))
    let left = unit(matmul(matrix, right.reshaped([-1, 1])).reshaped([-1]))
    return (left.detached().evaluated(), right.detached().evaluated())
  }

  private func unit(_ vector: Tensor) -> Tensor {
    (vector / maximum(vector.norm(), Tensor(1e-12))).evaluated()
  }
}
