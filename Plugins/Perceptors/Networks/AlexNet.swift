import PluginAPI

/// AlexNet's convolutions up to some layer, in the form of arXiv:1404.5997.
///
/// By default what follows its five ReLUs is taken: 64, 192, 384, 256 and 256 channels.
struct AlexNet: FeatureNetwork {
  struct Hyperparameters: FeatureSettings {
    @Hyperparameter("Numbers of the layers after which features are taken.", each: 0...12)
    var layers = [1, 4, 7, 9, 11]
    @Hyperparameter("What is done to the image first.")
    var normalization = InputNormalization.imagenet
  }

  let features: [any Layer]
  let taken: [Int]
  let normalization: InputNormalization

  static func allLayers(_ hyperparameters: Hyperparameters) -> [any Layer] {
    [
      Conv2d(3, 64, kernel: 11, stride: 4, padding: 2), ReLU(),
      MaxPool(3, stride: 2),
      Conv2d(64, 192, kernel: 5, padding: 2), ReLU(),
      MaxPool(3, stride: 2),
      Conv2d(192, 384, kernel: 3, padding: 1), ReLU(),
      Conv2d(384, 256, kernel: 3, padding: 1), ReLU(),
      Conv2d(256, 256, kernel: 3, padding: 1), ReLU(),
      MaxPool(3, stride: 2),
    ]
  }

  /// - Throws: `ConfigurationError` for numbers that are no layer's, and images that are too small.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    features = try Self.layers(hyperparameters, in: context)
    taken = hyperparameters.layers
    normalization = hyperparameters.normalization
  }
}
