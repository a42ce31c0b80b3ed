import PluginAPI

/// Judges overlapping patches, whatever the image's condition.
///
/// Maps images `[N, H, W, C]` to logits `[N, H/8, W/8, 1]`.
struct SmallDiscriminator: Discriminator {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels after the first halving, twice as many after each other.", in: 1...256)
    var width = 32
  }

  let convolutions: [Conv2d]
  let head: Conv2d

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [.image("image", channels: nil)]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [.logits("logits", count: 1), .features("features", layers: 3)]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let widths =
      [try context.size("channels", of: "image")] + (0..<3).map { hyperparameters.width << $0 }
    convolutions = zip(widths, widths.dropFirst()).map {
      Conv2d($0, $1, kernel: 4, stride: 2, padding: 1)
    }
    head = Conv2d(widths[3], 1, kernel: 3, padding: 1)
  }

  func features(_ inputs: Values, in context: CallContext) -> Values {
    var maps: [Tensor] = []
    for convolution in convolutions {
      maps.append(convolution(maps.last ?? inputs["image"]).leakyRelu(0.2))
    }
    var values = Values()
    values.set("features", maps)
    return values
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    features.merging(["logits": head(features["features.2"])])
  }
}
