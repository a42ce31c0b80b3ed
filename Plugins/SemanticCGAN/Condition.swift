import PluginAPI

/// What the networks are conditioned on.
enum Condition: String, CaseIterable, HyperparameterValue {
  /// One plane a class.
  case labels
  /// One plane a class, and one of the pixels where instances meet.
  case labelsAndEdges
  /// A picture, for instance labels painted in colours, or edges.
  case image

  /// The ports through which the condition comes, and a map of features where it has channels.
  func ports(_ size: Size2?, features: Int = 0) -> [Port] {
    let (height, width) = (size?.height, size?.width)
    let labels = Port.map("condition", .classPlanes, height: height, width: width)
    let own: [Port] =
      switch self {
      case .labels: [labels]
      case .labelsAndEdges: [labels, .map("edges", .edges, height: height, width: width)]
      case .image:
        [.image("condition", height: height, width: width, channels: nil, role: .source)]
      }
    if features == 0 { return own }
    return own + [.latentMap("features", height: height, width: width, channels: features)]
  }

  /// The number of planes of the bound ports.
  func channels(in context: BuildContext) throws -> Int {
    switch self {
    case .labels: try context.size("classes", of: "condition")
    case .labelsAndEdges: try context.size("classes", of: "condition") + 1
    case .image: try context.size("channels", of: "condition")
    }
  }

  /// All planes, `[N, H, W, channels]`, then the features where there are some.
  func planes(_ inputs: Values) -> Tensor {
    var planes = [inputs["condition"]]
    if self == .labelsAndEdges { planes.append(inputs["edges"]) }
    if let features = inputs.tensor("features") { planes.append(features) }
    return planes.count == 1 ? planes[0] : .concatenated(planes, axis: 3)
  }
}
