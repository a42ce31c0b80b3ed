import PluginAPI

/// Reads the class of each pixel from its surroundings of 9×9 pixels.
///
/// Maps images `[N, H, W, C]` to scores `[N, H, W, K]`. A stage trains it; losses and metrics then
/// look through it.
struct PixelReader: Perceptor {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Classes it tells apart.", in: 2...1024)
    var classes = 12
    @Hyperparameter("Channels between its layers.", in: 1...512)
    var width = 16
  }

  let near: Conv2d
  let far: Conv2d
  let head: Conv2d

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    let image = context.bound["image"]
    return [
      .map(
        "segmentation", .segmentation, classes: hyperparameters.classes, height: image?["height"],
        width: image?["width"])
    ]
  }

  /// - Throws: `ConfigurationError` where nothing says how many channels the image has.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let width = hyperparameters.width
    near = Conv2d(try context.size("channels", of: "image"), width, kernel: 3, padding: 1)
    far = Conv2d(width, width, kernel: 3, padding: 3, dilation: 3)
    head = Conv2d(width, hyperparameters.classes, kernel: 1)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let x = far(near(inputs["image"]).leakyRelu(0.2)).leakyRelu(0.2)
    return ["segmentation": head(x)]  // [N, H, W, K]
  }
}
