import PluginAPI

/// Mean squared difference of the maps that a network reads from those of the key points.
///
///     loss = mean (estimated − poses)²
///
/// Over batch, pixels and key points.
struct PoseError: Loss {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    let estimated = context.bound["estimated"]
    return [
      .map("estimated", .poseMaps, role: .estimated),
      .map(
        "poses", .poseMaps, height: estimated?["height"], width: estimated?["width"], role: .target),
    ]
  }

  /// - Throws: `ConfigurationError` when the network reads more or fewer points than there are.
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) throws {
    let estimated = try context.size("classes", of: "estimated")
    let points = try context.size("classes", of: "poses")
    guard estimated == points else {
      throw ConfigurationError(
        "the network reads \(estimated) key points, the dataset has \(points): set \"points\" to that"
      )
    }
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    (inputs["estimated"] - inputs["poses"]).square().mean()
  }
}
