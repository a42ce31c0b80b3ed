import PluginAPI

/// The distribution of every first weight; biases begin at zero.
let firstWeight = Initializer.xavierNormal(gain: 0.02)

/// A convolution with the published first weights.
func convolution(
  _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 1
) -> Conv2d {
  Conv2d(
    inChannels, outChannels, kernel: Size2(kernel), stride: Size2(stride),
    padding: Size2(padding), initial: firstWeight, initialBias: .zeros)
}

/// What the networks are conditioned on.
enum Condition: String, CaseIterable, HyperparameterValue {
  /// One plane a class.
  case labels
  /// A picture, for instance edges.
  case image

  /// The port through which the condition comes.
  func port(_ size: Size2?) -> Port {
    switch self {
    case .labels:
      .map("condition", .classPlanes, height: size?.height, width: size?.width)
    case .image:
      .image(
        "condition", height: size?.height, width: size?.width, channels: nil, role: .source)
    }
  }

  /// The number of planes of the bound port.
  func channels(in context: BuildContext) throws -> Int {
    try context.size(self == .labels ? "classes" : "channels", of: "condition")
  }
}
