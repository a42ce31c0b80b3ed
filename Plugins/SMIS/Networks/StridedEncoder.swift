import PluginAPI

/// What stands behind an encoder's convolutions.
package enum EncoderNorm: String, CaseIterable, HyperparameterValue {
  /// Instance normalisation, without affine map.
  case instance
  /// Group normalisation with eight groups, with affine map.
  case group

  func layer(_ channels: Int) -> any Layer {
    switch self {
    case .instance: InstanceNorm2d(channels)
    case .group: GroupNorm(groups: 8, channels)
    }
  }
}

/// How an encoder's last features become a posterior.
package enum EncoderHead {
  /// A map: convolutions of side 3.
  case map
  /// A vector: the mean over all places, then convolutions of side 1.
  case pooled
  /// A vector: linear layers over all places of a map of that size.
  case linear(Size2)
}

/// Strided convolutions from an image to the mean and log variance of a code.
///
/// Channels grow n, 2n, 4n, 8n, 8n, …; each convolution halves the size and is followed by a norm
/// and a leaky ReLU.
///
/// - Source: arXiv:1903.07291, appendix A; with groups arXiv:2003.12697, section 3.3.
package struct StridedEncoder: Module {
  let steps: [EncoderStep]
  let mean: any Layer
  let logVariance: any Layer
  private let head: EncoderHead

  /// Creates an encoder.
  ///
  /// - Parameters:
  ///   - inChannels: a multiple of `groups`.
  ///   - codes: channels of the posterior; a multiple of `groups`.
  ///   - width: channels of the first layer, n; a multiple of `groups`, and of 8 for group norms.
  ///   - halvings: the number of convolutions.
  ///   - groups: into how many independent encoders the channels are split.
  ///   - head: how features become a posterior.
  ///   - norm: what stands behind each convolution.
  ///   - spectral: which weights are divided by their largest singular values.
  package init(
    _ inChannels: Int, codes: Int, width: Int, halvings: Int, groups: Int, head: EncoderHead,
    norm: EncoderNorm, spectral: Spectral
  ) {
    let channels = [inChannels] + (0..<halvings).map { width << min($0, 3) }
    steps = zip(channels, channels.dropFirst()).map { before, after in
      let conv = convolution(before, after, stride: 2, groups: groups, bias: false)
      return EncoderStep(
        conv: normalized(conv, spectral != .none), norm: norm.layer(after))
    }
    let last = channels[halvings]
    func output() -> any Layer {
      let isSpectral = spectral == .all
      return switch head {
      case .map: normalized(convolution(last, codes, groups: groups), isSpectral)
      case .pooled: normalized(convolution(last, codes, kernel: 1, groups: groups), isSpectral)
      case .linear(let size):
        normalized(
          Linear(
            last * size.height * size.width, codes, initial: firstWeight, initialBias: .zeros),
          isSpectral)
      }
    }
    mean = output()
    logVariance = output()
    self.head = head
  }

  /// The posterior's mean and log variance: `[N, h, w, codes]`, or `[N, codes]` for vectors.
  package func callAsFunction(
    _ x: Tensor, in context: CallContext
  ) -> (mean: Tensor, logVariance: Tensor) {
    var features = x
    for step in steps { features = step(features, in: context) }
    let count = x.shape[0]
    switch head {
    case .map: break
    case .pooled: features = features.mean(axes: [1, 2], keepingDims: true)
    case .linear:  // published weights are ordered channel, row, column
      features = features.permuted([0, 3, 1, 2]).reshaped([count, -1])
    }
    let outputs = (mean(features, in: context), logVariance(features, in: context))
    guard case .pooled = head else { return outputs }
    return (outputs.0.reshaped([count, -1]), outputs.1.reshaped([count, -1]))
  }
}

/// Convolution, norm, leaky ReLU.
struct EncoderStep: Module {
  let conv: any Layer
  let norm: any Layer

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    norm(conv(x, in: context), in: context).leakyRelu(slope)
  }
}

/// A draw from a Gaussian: μ + ε·exp(½ log σ²), with ε from the context under the name `z`.
package func drawn(
  _ posterior: (mean: Tensor, logVariance: Tensor), in context: CallContext
) -> Tensor {
  let noise = context.normal("z", posterior.mean.shape)
  return posterior.mean + noise * (posterior.logVariance * 0.5).exp()
}
