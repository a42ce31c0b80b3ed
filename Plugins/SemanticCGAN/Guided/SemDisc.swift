import PluginAPI

/// Verdicts a class and one of the whole, a segmentation and a reconstruction, from the image alone.
///
/// The backbone gives all of them as channels of its verdicts, in this order: K fine verdicts, the
/// coarse one, the scores of the classes, the colours. Scores and colours are enlarged (bilinear)
/// to the image's size, one map a scale. Labels are consumed for their number only.
///
/// - Source: A Shared Representation for Photorealistic Driving Simulators (2021), in the form of
///   its code's `c2f_sem_rec`.
struct SemDisc: Discriminator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The network below the heads; it has the setting verdicts.", slot: .discriminator)
    var backbone = ComponentReference(
      "semantic-cgan/multiscale", with: ["condition": .null, "norm": "spectral"])
    @Hyperparameter("Classes of the segmentation; as many as labels if absent.", in: 2...1024)
    var classes: Int? = nil
    @Hyperparameter("Whether it reconstructs the image too.")
    var reconstructs = true
  }

  /// How many of the backbone's channels each head has.
  private struct Heads {
    let verdicts: Int
    let classes: Int
    let colours: Int

    init(_ hyperparameters: Hyperparameters, _ context: PortContext) throws {
      let labels = try context.size("classes", of: "labels")
      verdicts = labels + 1
      classes = hyperparameters.classes ?? labels
      colours = hyperparameters.reconstructs ? try context.size("channels", of: "image") : 0
    }

    func backbone(_ hyperparameters: Hyperparameters) -> ComponentReference {
      hyperparameters.backbone.with(
        "verdicts", .number(Double(verdicts + classes + colours)))
    }
  }

  let backbone: any Discriminator
  private let heads: Heads

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let own = try context.consumed(by: hyperparameters.backbone)
    return own.contains { $0.name == "labels" } ? own : own + [.labelMap("labels")]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    // Who only asks what it provides has bound nothing yet.
    let heads = context.bound["labels"] == nil ? nil : try Heads(hyperparameters, context)
    let backbone = heads?.backbone(hyperparameters) ?? hyperparameters.backbone
    let image = context.bound["image"]
    let (height, width) = (image?["height"], image?["width"])
    var ports = try context.provided(by: backbone).map { port in
      var port = port
      if port.kind == .logits { port.attributes["channels"] = heads?.verdicts }
      return port
    }
    ports.append(
      .map("segmentation", .segmentation, classes: heads?.classes, height: height, width: width))
    if hyperparameters.reconstructs {
      ports.append(
        .image("reconstruction", height: height, width: width, channels: image?["channels"]))
    }
    return ports
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    heads = try Heads(hyperparameters, context.ports)
    backbone = try context.build(
      heads.backbone(hyperparameters), as: (any Discriminator).self)
  }

  /// The backbone's features, and the image, whose size the heads read.
  func features(_ inputs: Values, in context: CallContext) -> Values {
    backbone.features(inputs, in: context).merging(["image": inputs["image"]])
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    let image = features["image"].shape
    let size = Size2(image[1], image[2])
    let trunk = Values(features.tensors.filter { $0.key != "image" })
    let judged = backbone.judge(trunk, condition, in: context)
    let sizes = [heads.verdicts, heads.classes, heads.colours].filter { $0 > 0 }
    let maps = judged.list("logits").map { $0.split(axis: 3, sizes: sizes) }
    var values = judged
    if maps.count == 1, judged.tensor("logits") != nil {
      values["logits"] = maps[0][0]
    } else {
      values.set("logits", maps.map { $0[0] })
    }
    values.set("segmentation", maps.map { resizeBilinear($0[1], to: size) })
    if heads.colours > 0 {
      values.set("reconstruction", maps.map { resizeBilinear($0[2], to: size) })
    }
    return values
  }

  /// Those of the backbone.
  var publishedNames: [String: String] { backbone.publishedNames(below: "backbone") }
}
