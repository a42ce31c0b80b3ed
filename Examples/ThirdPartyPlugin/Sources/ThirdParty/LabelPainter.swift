import PluginAPI

/// Paints a label map in colours that it learns: a picture to translate from.
///
/// Maps labels `[N, H, W]` to an image `[N, H, W, 3]` in -1...1, of the role that generators which
/// translate pictures ask for.
struct LabelPainter: Encoder {
  let colors: Embedding

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.labelMap("labels")]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    let labels = context.bound["labels"]
    return [
      .image("painting", height: labels?["height"], width: labels?["width"], role: .source)
    ]
  }

  /// - Throws: `ConfigurationError` where nothing says how many classes there are.
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) throws {
    colors = Embedding(try context.size("classes", of: "labels"), 3)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    ["painting": colors(inputs["labels"]).tanh()]  // [N, H, W, 3]
  }
}
