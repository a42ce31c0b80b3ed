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

/// What the networks are conditioned on.
enum Condition: String, CaseIterable, HyperparameterValue {
  /// One plane a class.
  case labels
  /// A picture, for instance labels painted in colours, or edges.
  case image

  /// The port of that name through which the condition comes.
  func port(_ name: String, _ size: Size2?) -> Port {
    switch self {
    case .labels:
      .map(name, .classPlanes, height: size?.height, width: size?.width)
    case .image:
      .image(name, height: size?.height, width: size?.width, channels: nil, role: .source)
    }
  }

  /// The number of planes of the bound port.
  func channels(_ name: String, in context: BuildContext) throws -> Int {
    try context.size(self == .labels ? "classes" : "channels", of: name)
  }
}
