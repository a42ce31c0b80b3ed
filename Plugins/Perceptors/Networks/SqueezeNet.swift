import PluginAPI

/// SqueezeNet (arXiv:1602.07360): a convolution, then eight fire modules, the sides halved three times.
///
/// By default what follows the first ReLU and each fire module is taken: 96, 128, 128, 256, 256,
/// 384, 384, 512 and 512 channels in release 1.0. With a head it also scores the whole image,
/// `scores [N, classes]`, before the softmax.
struct SqueezeNet: FeatureNetwork {
  struct Hyperparameters: FeatureSettings {
    @Hyperparameter("The release.")
    var release = Release.first
    @Hyperparameter(
      "Numbers of the layers after which features are taken; for the first release by default.",
      each: 0...12)
    var layers = [1, 3, 4, 5, 7, 8, 9, 10, 12]
    @Hyperparameter("What is done to the image first.")
    var normalization = InputNormalization.imagenet
    @Hyperparameter(
      "Classes of the head that scores the whole image; none without.", in: 2...100_000)
    var classes: Int? = nil

    /// The head stands on the last layer.
    ///
    /// - Throws: `ConfigurationError` for a head without the last layer.
    func validate() throws {
      guard classes == nil || layers.last == 12 else {
        throw ConfigurationError("the head of \"classes\" needs the last of \"layers\" to be 12")
      }
    }
  }

  /// The releases, which differ in the first convolution and where the sides are halved.
  enum Release: String, CaseIterable, HyperparameterValue {
    case first = "1.0"
    case second = "1.1"
  }

  let features: [any Layer]
  /// Torchvision numbers dropout, convolution, ReLU and mean; only the convolution has weights.
  let classifier: [any Layer]
  let taken: [Int]
  let normalization: InputNormalization

  static func allLayers(_ hyperparameters: Hyperparameters) -> [any Layer] {
    let halving = MaxPool(3, stride: 2, remainder: .kept)
    switch hyperparameters.release {
    case .first:
      return [
        Conv2d(3, 96, kernel: 7, stride: 2), ReLU(), halving,
        Fire(96, 16, 64), Fire(128, 16, 64), Fire(128, 32, 128), halving,
        Fire(256, 32, 128), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), halving,
        Fire(512, 64, 256),
      ]
    case .second:
      return [
        Conv2d(3, 64, kernel: 3, stride: 2), ReLU(), halving,
        Fire(64, 16, 64), Fire(128, 16, 64), halving,
        Fire(128, 32, 128), Fire(256, 32, 128), halving,
        Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256),
      ]
    }
  }

  /// - Throws: `ConfigurationError` for numbers that are no layer's.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let features = try featurePort(hyperparameters)
    guard let classes = hyperparameters.classes else { return [features] }
    let kind = Port.Kind(rawValue: "classScores")
    return [features, Port("scores", kind, attributes: ["classes": classes])]
  }

  /// - Throws: `ConfigurationError` for numbers that are no layer's, and images that are too small.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    features = try Self.layers(hyperparameters, in: context)
    classifier =
      hyperparameters.classes.map { [Identity(), Conv2d(512, $0, kernel: 1), ReLU()] } ?? []
    taken = hyperparameters.layers
    normalization = hyperparameters.normalization
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let (found, last) = looked(at: inputs["image"], in: context)
    var values = Values()
    values.set("features", found)
    if !classifier.isEmpty {
      let scores = classifier.reduce(last) { x, layer in layer(x, in: context) }
      values["scores"] = globalAveragePool(scores)  // [N, classes]
    }
    return values
  }
}
