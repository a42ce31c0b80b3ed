import PluginAPI

/// Normalisation of the networks' inner layers.
enum Norm: String, CaseIterable, HyperparameterValue {
  /// Batch norm with affine map and running statistics; convolutions before it have no bias.
  case batch
  /// Instance norm without affine map; convolutions before it have a bias.
  case instance

  /// The layer for a number of channels.
  func layer(_ channels: Int) -> any Layer {
    switch self {
    case .batch: BatchNorm2d(channels, initial: .normal(mean: 1, std: 0.02))
    case .instance: InstanceNorm2d(channels)
    }
  }

  /// Whether convolutions before the norm have a bias.
  var keepsBias: Bool { self == .instance }
}

/// The distribution of every convolution's first weights.
let initialWeight = Initializer.normal(std: 0.02)
