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
  /// Batch normalisation, without affine map.
  case batch
  /// Group normalisation with one group a class, with affine map.
  case group
  /// Nothing.
  case none

  func layer(_ channels: Int, classes: Int) -> any Layer {
    switch self {
    case .batch: BatchNorm2d(channels, affine: false)
    case .group: GroupNorm(groups: classes, channels)
    case .none: Identity()
    }
  }
}

/// Makes the norms of one decoder: conditional group normalisation.
///
///     y = norm(x) · (1 + γ(m)) + β(m)
///
/// | variant | map → hidden channels, groups | hidden → γ, β, groups |
/// | --- | --- | --- |
/// | deepfashion | C → `hidden`, g | g |
/// | cityscapes | C or 2C → C·g, C | C |
/// | ade20k | C → 2C if g divides C, else C·g; C | g |
///
/// With one group it is the norm of arXiv:1903.07291.
///
/// - Source: arXiv:2003.12697, equation 5, in the form of its authors' code (1 + γ, no affine map).
package struct CGNorm {
  let variant: Variant
  let map: SemanticMap
  let hidden: Int
  let norm: DecoderNorm

  package init(_ variant: Variant, map: SemanticMap, hidden: Int, norm: DecoderNorm) {
    self.variant = variant
    self.map = map
    self.hidden = hidden
    self.norm = norm
  }

  /// What every number of channels that is normalised is a multiple of, besides the groups.
  var multiple: Int { variant == .cityscapes || norm == .group ? map.classes : 1 }

  /// The norm of a layer of `groups` groups.
  func layer(_ channels: Int, groups: Int) -> SpatiallyAdaptiveNorm2d {
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
    return SpatiallyAdaptiveNorm2d(
      channels, mapChannels: map.channels, hidden: hidden, groups: inner, sharedGroups: outer,
      norm: norm.layer(channels, classes: classes), initial: firstWeight, initialBias: .zeros)
  }

  /// The plain norm that reads the whole map, for layers after the last grouped one.
  var ungrouped: CGNorm {
    variant == .cityscapes ? CGNorm(.deepfashion, map: map, hidden: hidden, norm: norm) : self
  }
}
