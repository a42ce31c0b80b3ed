import PluginAPI

/// What a decoder begins with.
package enum DecoderStart: String, CaseIterable, HyperparameterValue {
  /// A latent map of eight channels a class.
  case map
  /// A latent vector of eight numbers a class, the same at every place.
  case codes
  /// A latent vector of any length, through a linear layer.
  case vector
  /// No latent: the label map, at the size of the first block.
  case labels
}

/// Seven residual blocks from a small map to the size of the image, with the doublings between them.
///
/// - Source: arXiv:2003.12697, section 3.3 and table 4, in the form of its authors' code; with one
///   group everywhere the generator of arXiv:1903.07291.
package struct Decoder: Module {
  let fc: any Layer
  let blocks: [CGBlock]
  /// A block that published checkpoints hold but nobody calls.
  let spare: CGBlock?
  /// Absent where features are wanted, not images.
  let toImage: (any Layer)?
  private let start: DecoderStart
  private let latentSize: Size2
  private let doubles: [Bool]

  /// Creates a decoder.
  ///
  /// - Parameters:
  ///   - shape: channels and groups of the blocks.
  ///   - norms: makes the norms.
  ///   - start: what it begins with.
  ///   - latentChannels: channels of the latent map, or the length of the latent vector.
  ///   - latentSize: height and width of the first block.
  ///   - upsampling: how many doublings there are.
  ///   - imageChannels: channels of the images; without a last convolution if absent.
  /// - Throws: `ConfigurationError` where the first groups don't divide what they take.
  package init(
    _ shape: DecoderShape, norms: CGNorm, start: DecoderStart, latentChannels: Int,
    latentSize: Size2, upsampling: Upsampling, imageChannels: Int?
  ) throws {
    let (channels, groups) = (shape.channels, shape.groups)
    self.start = start
    self.latentSize = latentSize
    let positions = latentSize.height * latentSize.width
    let isSpectral = norms.form.spectral == .all
    if start == .vector {
      fc = normalized(
        Linear(latentChannels, channels[0] * positions, initial: firstWeight, initialBias: .zeros),
        isSpectral)
    } else {
      let inputs = start == .labels ? norms.map.channels : latentChannels
      guard inputs % groups[0] == 0 else {
        throw ConfigurationError(
          "groups \(groups): \(groups[0]) do not divide the \(inputs) channels that the first "
            + "convolution takes; begin with another number, or with start vector")
      }
      fc = normalized(convolution(inputs, channels[0], groups: groups[0]), isSpectral)
    }
    var blocks = groups.indices.map { index in
      CGBlock(channels[index], channels[index + 1], groups: groups[index], norms: norms)
    }
    var doubles = [false, true, upsampling != .normal, true, true, true, true]
    var last = channels[7]
    let lower = (norms.variant == .ade20k ? last / 2 : max(last / 2, 1))
      .raised(to: norms.ungrouped.multiple)
    let further = CGBlock(last, lower, groups: 1, norms: norms.ungrouped)
    if upsampling == .most {
      blocks.append(further)
      doubles.append(true)
      last = lower
    }
    self.blocks = blocks
    self.doubles = doubles
    spare = upsampling != .most && norms.variant == .ade20k ? further : nil
    toImage = imageChannels.map { normalized(convolution(last, $0), isSpectral) }
  }

  /// Images in -1...1, `[N, H, W, channels]`; see ``features(_:_:in:)``.
  package func callAsFunction(_ z: Tensor?, _ map: Tensor, in context: CallContext) -> Tensor {
    let x = features(z, map, in: context)
    guard let toImage else { preconditionFailure("[Decoder] made without a last convolution") }
    return toImage(x, in: context).tanh()
  }

  /// Decodes, up to the last convolution.
  ///
  /// - Parameters:
  ///   - z: the latent, of the shape that `start` says.
  ///   - map: the planes of labels, `[N, H, W, M]`, at the size of the image.
  ///   - context: training or inference.
  /// - Returns: what the last convolution sees, `[N, H, W, f]`.
  package func features(_ z: Tensor?, _ map: Tensor, in context: CallContext) -> Tensor {
    var x = first(z, map, in: context)
    for (block, isDoubled) in zip(blocks, doubles) {
      x = block(isDoubled ? upsampleNearest(x, factor: 2) : x, map, in: context)
    }
    return x.leakyRelu(slope)
  }

  private func first(_ z: Tensor?, _ map: Tensor, in context: CallContext) -> Tensor {
    let (height, width) = (latentSize.height, latentSize.width)
    if start == .labels { return fc(resizeNearest(map, to: latentSize), in: context) }
    guard let z else { preconditionFailure("[Decoder] start \(start) without a latent") }
    switch start {
    case .codes:
      let (count, length) = (z.shape[0], z.shape[1])
      let spread = z.reshaped([count, 1, 1, length])
        .broadcast(to: [count, height, width, length])
      return fc(spread, in: context)
    case .vector:  // published rows are ordered channel, row, column
      return fc(z, in: context).reshaped([z.shape[0], -1, height, width]).permuted([0, 2, 3, 1])
    default: return fc(z, in: context)
    }
  }
}
