import Tensor

/// Normalises, then scales and moves each position as a map of labels or features tells.
///
///     y = norm(x) · (1 + γ(m)) + β(m),   γ, β = conv(relu(conv(m)))
///
/// The map is resized to the size of `x` by copying pixels. With groups, each part of the channels is told by its
/// own part of the hidden ones, and with shared groups these see only their own part of the map: every class then
/// keeps to itself. All convolutions have kernel, bias and padding that keeps the size.
///
/// - Source: arXiv:1903.07291, equation 1; groups arXiv:2003.12697, equation 5, where γ is used without the 1.
public struct SpatiallyAdaptiveNorm2d: Module {
  /// The normalisation, without an affine map of its own.
  public let norm: any Layer
  /// From the map to hidden channels.
  public let shared: Conv2d
  /// From hidden channels to γ.
  public let scale: Conv2d
  /// From hidden channels to β.
  public let shift: Conv2d

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - channels: the channels of `x`.
  ///   - mapChannels: the channels of the map.
  ///   - hidden: the channels between; a multiple of both groups.
  ///   - kernel: the side of all kernels, odd.
  ///   - groups: into how many parts γ and β are split; divides `channels`.
  ///   - sharedGroups: into how many parts the map is split; divides `mapChannels`.
  ///   - norm: the normalisation; a batch normalisation without affine map if absent.
  ///   - initial: the distribution of the weights.
  ///   - initialBias: the distribution of the biases.
  public init(
    _ channels: Int, mapChannels: Int, hidden: Int = 128, kernel: Int = 3, groups: Int = 1,
    sharedGroups: Int = 1, norm: (any Layer)? = nil, initial: Initializer = .fanInUniform,
    initialBias: Initializer = .fanInUniform
  ) {
    precondition(kernel % 2 == 1, "[SpatiallyAdaptiveNorm2d] kernel \(kernel), expected an odd one")
    func conv(_ inputs: Int, _ outputs: Int, _ groups: Int) -> Conv2d {
      Conv2d(
        inputs, outputs, kernel: Size2(kernel, kernel), padding: Size2(kernel / 2, kernel / 2),
        groups: groups, initial: initial, initialBias: initialBias)
    }
    self.norm = norm ?? BatchNorm2d(channels, affine: false)
    shared = conv(mapChannels, hidden, sharedGroups)
    scale = conv(hidden, channels, groups)
    shift = conv(hidden, channels, groups)
  }

  /// Normalises `x [N, H, W, C]` as `map [N, H', W', M]` tells.
  public func callAsFunction(_ x: Tensor, _ map: Tensor, in context: CallContext) -> Tensor {
    precondition(
      x.rank == 4 && map.rank == 4 && x.shape[0] == map.shape[0],
      "[SpatiallyAdaptiveNorm2d] map \(map.shape) for x \(x.shape), expected [N, H', W', M]")
    let hidden = shared(resizeNearest(map, to: Size2(x.shape[1], x.shape[2]))).relu()
    let (gamma, beta) = modulation(hidden)
    return norm(x, in: context) * (1 + gamma) + beta
  }

  /// γ and β, by one convolution where they read the same channels: it reads them once.
  private func modulation(_ hidden: Tensor) -> (gamma: Tensor, beta: Tensor) {
    guard scale.groups == 1, let scaleBias = scale.bias, let shiftBias = shift.bias else {
      return (scale(hidden), shift(hidden))
    }
    let weight = Tensor.concatenated([scale.weight.value, shift.weight.value], axis: 0)
    let bias = Tensor.concatenated([scaleBias.value, shiftBias.value], axis: 0)
    let channels = scale.weight.shape[0]
    let both = conv2d(hidden, weight, bias: bias, padding: scale.padding)
      .split(axis: 3, sizes: [channels, channels])
    return (both[0], both[1])
  }
}
