import PluginAPI

/// Judges overlapping patches, beside their label map where there is one, with spectral norm.
///
/// Maps images `[N, H, W, C]` and labels `[N, H, W]` to logits `[N, H/8, W/8, 1]`.
struct SmallDiscriminator: Discriminator {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels after the first halving, twice as many after each other.", in: 1...256)
    var width = 32
  }

  let convolutions: [SpectralNorm]
  let head: Conv2d
  private let classes: Int

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [.image("image", channels: nil), .labelMap("labels").optional]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [.logits("logits", count: 1), .features("features", layers: 3)]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    // A port that is optional is bound only where somebody provides it.
    classes = context.bound["labels"] == nil ? 0 : try context.size("classes", of: "labels")
    let widths =
      [try context.size("channels", of: "image") + classes]
      + (0..<3).map { hyperparameters.width << $0 }
    convolutions = zip(widths, widths.dropFirst()).map {
      SpectralNorm(Conv2d($0, $1, kernel: 4, stride: 2, padding: 1))
    }
    head = Conv2d(widths[3], 1, kernel: 3, padding: 1)
  }

  func features(_ inputs: Values, in context: CallContext) -> Values {
    var x = inputs["image"]
    if classes > 0 {
      let planes = inputs["labels"].oneHot(classes: classes)  // [N, H, W, K]
      x = .concatenated([x, planes], axis: 3)
    }
    var maps: [Tensor] = []
    for convolution in convolutions {
      x = convolution(x, in: context).leakyRelu(0.2)  // half as large
      maps.append(x)
    }
    var values = Values()
    values.set("features", maps)
    return values
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    features.merging(["logits": head(features["features.2"])])
  }
}
