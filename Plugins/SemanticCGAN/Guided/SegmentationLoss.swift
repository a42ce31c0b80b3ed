import PluginAPI

/// Cross entropy of a segmentation with the labels, on either side of the game.
///
///     L = Σ over scales  −mean log softmax(scores)[class(label)]
///
/// The mean goes over the pixels of labels that count. The scores have the labels' height and width.
///
/// - Source: A Shared Representation for Photorealistic Driving Simulators (2021).
struct SegmentationLoss: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Whose segmentation is read.")
    var look = Look.plain
    @Hyperparameter("Whose loss it is part of.")
    var side = LossSide.generator
    @Hyperparameter(
      "Class of the scores for each label, -1 where it doesn't count; as labelled if empty.",
      each: -1...1023)
    var classes: [Int] = []
  }

  /// The class of each label, `[labels]`.
  private let classes: Tensor?

  static func side(_ hyperparameters: Hyperparameters) -> LossSide { hyperparameters.side }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [
      .map("segmentation", .segmentation, role: hyperparameters.look.role), .labelMap("labels"),
    ]
  }

  /// - Throws: `ConfigurationError` when labels have no class, or classes no scores.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let labelled = try context.size("classes", of: "labels")
    let classes = hyperparameters.classes
    guard classes.isEmpty || classes.count == labelled else {
      throw ConfigurationError(
        "classes has \(classes.count) entries, the label map \(labelled) labels; give one for each")
    }
    let needed = classes.isEmpty ? labelled : (classes.max() ?? -1) + 1
    // A discriminator's segmentation is bound for each discriminator, later.
    if let scored = context.bound["segmentation"]?["classes"], scored < needed {
      throw ConfigurationError("the scores are of \(scored) classes, the labels of \(needed)")
    }
    self.classes = classes.isEmpty ? nil : Tensor(classes.map { Float($0) }, [labelled])
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let labels = inputs["labels"]  // [N, H, W]
    let wanted = classes.map { $0.gathered(rows: labels) } ?? labels
    let terms = inputs.list("segmentation").map { scores in
      crossEntropy(scores, wanted, ignored: classes == nil ? nil : -1)
    }
    return terms.dropFirst().reduce(terms[0], +)
  }
}
