import PluginAPI

/// The published networks, named by the data set each was made for. They differ in how norms read
/// the labels and, for `ade20k`, in the widths of the first layers.
package enum Variant: String, CaseIterable, HyperparameterValue {
  /// Map and hidden channels are split into as many groups as the layer has.
  case deepfashion
  /// One group a class in every norm, whatever the groups of the layer.
  case cityscapes
  /// One group a class up to the hidden channels, the layer's groups after them.
  case ade20k
}

/// What a decoder's norms do before they scale and move.
package enum DecoderNorm: String, CaseIterable, HyperparameterValue {
  /// Batch normalisation; with affine map only where γ scales alone.
  case batch
  /// Group normalisation with one group a class, with affine map.
  case group
  /// Nothing.
  case none

  func layer(_ channels: Int, classes: Int, _ modulation: Modulation) -> any Layer {
    switch self {
    case .batch: BatchNorm2d(channels, affine: modulation == .plain)
    case .group: GroupNorm(groups: classes, channels)
    case .none: Identity()
    }
  }
}

/// Makes the norms of one decoder: conditional group normalisation.
///
///     y = norm(x) · (1 + γ(m)) + β(m)      modulation aroundOne
///     y = norm(x) · γ(m) + β(m)            modulation plain
///
/// | variant | map → hidden channels, groups | hidden → γ, β, groups |
/// | --- | --- | --- |
/// | deepfashion | C → `hidden`, g | g |
/// | cityscapes | C or 2C → C·g, C | C |
/// | ade20k | C → 2C if g divides C, else C·g; C | g |
///
/// With one group it is the norm of arXiv:1903.07291.
///
/// - Source: arXiv:2003.12697, equation 5, which is the plain form; its authors' code has the other.
package struct CGNorm {
  let variant: Variant
  let map: SemanticMap
  let hidden: Int
  let norm: DecoderNorm
  /// Of the blocks too.
  let form: BlockForm

  package init(
    _ variant: Variant, map: SemanticMap, hidden: Int, norm: DecoderNorm,
    form: BlockForm = BlockForm()
  ) {
    self.variant = variant
    self.map = map
    self.hidden = hidden
    self.norm = norm
    self.form = form
  }

  /// What every number of channels that is normalised is a multiple of, besides the groups.
  var multiple: Int { variant == .cityscapes || norm == .group ? map.classes : 1 }

  /// The norm of a layer of `groups` groups.
  func layer(_ channels: Int, groups: Int) -> CGNormLayer {
    let classes = map.classes
    let hidden: Int
    let (outer, inner): (Int, Int)  // groups of the first convolution and of the others
    switch variant {
    case .deepfashion: (hidden, outer, inner) = (self.hidden.raised(to: groups), groups, groups)
    case .cityscapes: (hidden, outer, inner) = (classes * groups, classes, classes)
    case .ade20k:
      hidden = classes * (classes % groups == 0 ? 2 : groups)
      (outer, inner) = (classes, groups)
    }
    let layer = SpatiallyAdaptiveNorm2d(
      channels, mapChannels: map.channels, hidden: hidden, groups: inner, sharedGroups: outer,
      norm: norm.layer(channels, classes: classes, form.modulation), initial: firstWeight,
      initialBias: .zeros)
    return CGNormLayer(layer, readsLabels: outer > 1 && !map.hasEdges, form)
  }

  /// The plain norm that reads the whole map, for layers after the last grouped one.
  var ungrouped: CGNorm {
    variant == .cityscapes
      ? CGNorm(.deepfashion, map: map, hidden: hidden, norm: norm, form: form) : self
  }
}

/// One conditional norm.
package struct CGNormLayer: Module {
  let layer: SpatiallyAdaptiveNorm2d
  /// The vectors of the convolutions' spectral norms, where they have some.
  let spectral: SpectralConvolutions?
  /// Whether the map is of unwritten planes, of which each group sees some.
  private let readsLabels: Bool
  private let modulation: Modulation

  init(_ layer: SpatiallyAdaptiveNorm2d, readsLabels: Bool, _ form: BlockForm) {
    self.layer = layer
    self.readsLabels = readsLabels
    modulation = form.modulation
    spectral = form.spectral == .all ? SpectralConvolutions(layer) : nil
  }

  /// Normalises `x [N, H, W, C]` as `map [N, H', W', M]` tells.
  ///
  /// A grouped convolution of label planes is one without groups whose weight is zero outside of its
  /// groups: then it is a sum of rows of the weight, and the planes are never written.
  func callAsFunction(_ x: Tensor, _ map: Tensor, in context: CallContext) -> Tensor {
    guard readsLabels || spectral != nil || modulation == .plain else {
      return layer(x, map, in: context)
    }
    let labels = resizeNearest(map, to: Size2(x.shape[1], x.shape[2]))
    let shared = layer.shared
    let weight = spectral?.shared.normalizedWeight(in: context) ?? shared.weight.value
    let hidden = conv2d(
      labels, readsLabels ? spread(weight, groups: shared.groups) : weight,
      bias: shared.bias?.value, padding: shared.padding, groups: readsLabels ? 1 : shared.groups
    ).relu()
    let gamma = spectral?.scale(hidden, in: context) ?? layer.scale(hidden)
    let beta = spectral?.shift(hidden, in: context) ?? layer.shift(hidden)
    return layer.norm(x, in: context) * (modulation == .plain ? gamma : 1 + gamma) + beta
  }
}

/// The convolutions of a conditional norm, with its weights, under spectral norms.
struct SpectralConvolutions: Module {
  let shared: SpectralNorm
  let scale: SpectralNorm
  let shift: SpectralNorm

  init(_ layer: SpatiallyAdaptiveNorm2d) {
    shared = SpectralNorm(layer.shared)
    scale = SpectralNorm(layer.scale)
    shift = SpectralNorm(layer.shift)
  }
}

/// The weight without groups that does what `weight [out, in/groups, kH, kW]` does: `[out, in, kH, kW]`.
private func spread(_ weight: Tensor, groups: Int) -> Tensor {
  func group(_ count: Int) -> Tensor { (Tensor.range(count) / Float(count / groups)).floor() }
  let (outputs, inputs) = (weight.shape[0], weight.shape[1] * groups)
  let isOwn =
    group(outputs).reshaped([outputs, 1, 1, 1]) .== group(inputs).reshaped([1, inputs, 1, 1])
  return weight.repeated(groups, axis: 1) * isOwn
}
