import PluginAPI

/// A verdict for each class and one for the whole, on any network of patches.
///
/// Provides what the backbone provides, with K + 1 verdicts a position: K fine ones, then the
/// coarse one. The backbone must have the setting `verdicts`, which is set to K + 1. Which verdicts
/// count where is up to the loss (`class-weighted`); labels are consumed only for their number.
///
/// - Source: Next Steps for Image Synthesis using Semantic Segmentation (2020), which names no
///   layers; the form of the heads is that of its follow-up, A Shared Representation for
///   Photorealistic Driving Simulators (2021).
struct GuidedDiscriminator: Discriminator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The network below the heads; it has the setting verdicts.", slot: .discriminator)
    var backbone = ComponentReference("semantic-cgan/patchgan")
    @Hyperparameter("What the classes are: those of the label map, or key points.")
    var guide = Guide.labels
  }

  let backbone: any Discriminator

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let own = try context.consumed(by: hyperparameters.backbone)
    let guide = hyperparameters.guide.port
    return own.contains { $0.name == guide.name } ? own : own + [guide]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let verdicts = try verdicts(hyperparameters, context)
    let backbone = hyperparameters.backbone.with("verdicts", .number(Double(verdicts)))
    return try context.provided(by: backbone).map { port in
      var port = port
      if port.kind == .logits { port.attributes["channels"] = verdicts }
      return port
    }
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let verdicts = try Self.verdicts(hyperparameters, context.ports)
    backbone = try context.build(
      hyperparameters.backbone.with("verdicts", .number(Double(verdicts))),
      as: (any Discriminator).self)
  }

  func features(_ inputs: Values, in context: CallContext) -> Values {
    backbone.features(inputs, in: context)
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    backbone.judge(features, condition, in: context)
  }

  private static func verdicts(
    _ hyperparameters: Hyperparameters, _ context: PortContext
  ) throws -> Int {
    try context.size("classes", of: hyperparameters.guide.port.name) + 1
  }

  /// Those of the backbone.
  var publishedNames: [String: String] { backbone.publishedNames(below: "backbone") }

  /// Those of the backbone, whose verdict of the whole is the last.
  var importableByLastRow: Set<String> {
    Set(((backbone as? any Importable)?.importableByLastRow ?? []).map { "backbone.\($0)" })
  }
}

extension ComponentReference {
  /// The same part with one setting replaced.
  func with(_ name: String, _ value: Setting) -> ComponentReference {
    guard !isShared, case .object(var members) = with else { return self }
    members[name] = value
    return ComponentReference(use, with: .object(members))
  }
}

extension Module {
  /// The published names of a part of a network, under its path there; none if it knows none.
  func publishedNames(below path: String) -> [String: String] {
    guard let part = self as? any Importable else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: part.publishedNames.map { ("\(path).\($0.key)", $0.value) })
  }
}
