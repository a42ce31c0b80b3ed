import PluginAPI

/// Normalisation of the inner convolutions of a patch discriminator.
enum PatchNorm: String, CaseIterable, HyperparameterValue {
  /// Batch norm with affine map and running statistics; no bias.
  case batch
  /// Instance norm without affine map; convolutions have a bias.
  case instance
  /// Weights divided by their spectral norm, then instance norm; no bias.
  case spectral

  /// Convolution, norm, leaky ReLU.
  func step(_ conv: (_ bias: Bool) -> Conv2d, channels: Int) -> PatchStep {
    switch self {
    case .batch: PatchStep(conv: conv(false), norm: Norm.batch.layer(channels))
    case .instance: PatchStep(conv: conv(true), norm: Norm.instance.layer(channels))
    case .spectral:
      PatchStep(conv: SpectralNorm(conv(false)), norm: Norm.instance.layer(channels))
    }
  }
}

/// Convolution, norm, leaky ReLU.
struct PatchStep: Module {
  let conv: any Layer
  let norm: (any Layer)?

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    let y = conv(x, in: context)
    return (norm.map { $0(y, in: context) } ?? y).leakyRelu(0.2)
  }
}
