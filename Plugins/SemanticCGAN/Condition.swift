import PluginAPI

/// What the networks are conditioned on.
enum Condition: String, CaseIterable, HyperparameterValue {
  /// One plane a class.
  case labels
  /// One plane a class, and one of the pixels where instances meet.
  case labelsAndEdges
  /// A picture, for instance labels painted in colours, or edges.
  case image

  /// The ports through which the condition comes.
  func ports(_ size: Size2?) -> [Port] {
    let (height, width) = (size?.height, size?.width)
    let labels = Port.map("condition", .classPlanes, height: height, width: width)
    switch self {
    case .labels: return [labels]
    case .labelsAndEdges: return [labels, .map("edges", .edges, height: height, width: width)]
    case .image:
      return [
        .image("condition", height: height, width: width, channels: nil, role: .source)
      ]
    }
  }

  /// The number of planes of the bound ports.
  func channels(in context: BuildContext) throws -> Int {
    switch self {
    case .labels: try context.size("classes", of: "condition")
    case .labelsAndEdges: try context.size("classes", of: "condition") + 1
    case .image: try context.size("channels", of: "condition")
    }
  }

  /// All planes, `[N, H, W, channels]`.
  func planes(_ inputs: Values) -> Tensor {
    self == .labelsAndEdges
      ? .concatenated([inputs["condition"], inputs["edges"]], axis: 3) : inputs["condition"]
  }
}
