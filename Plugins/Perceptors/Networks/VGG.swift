import PluginAPI

/// VGG-19 up to some layer, after arXiv:1409.1556, configuration E.
///
/// 3×3 convolutions and ReLUs, the sides halved after 2, 4, 8 and 12 convolutions. By default what
/// follows `relu1_1`, `relu2_1`, …, `relu5_1` is taken, of images as they are.
struct VGG19: FeatureNetwork {
  struct Hyperparameters: FeatureSettings {
    @Hyperparameter("Numbers of the layers after which features are taken.", each: 0...36)
    var layers = [1, 6, 11, 20, 29]
    @Hyperparameter("What is done to the image first.")
    var normalization = InputNormalization.none
  }

  let features: [any Layer]
  let taken: [Int]
  let normalization: InputNormalization

  static func allLayers(_ hyperparameters: Hyperparameters) -> [any Layer] {
    vggLayers(convolutions: [2, 2, 4, 4, 4])
  }

  /// - Throws: `ConfigurationError` for numbers that are no layer's, and images that are too small.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    features = try Self.layers(hyperparameters, in: context)
    taken = hyperparameters.layers
    normalization = hyperparameters.normalization
  }
}

/// VGG-16 up to some layer, after arXiv:1409.1556, configuration D.
///
/// By default what follows the last ReLU of each size is taken, `relu1_2` to `relu5_3`, of images
/// normalised as ImageNet's.
struct VGG16: FeatureNetwork {
  struct Hyperparameters: FeatureSettings {
    @Hyperparameter("Numbers of the layers after which features are taken.", each: 0...30)
    var layers = [3, 8, 15, 22, 29]
    @Hyperparameter("What is done to the image first.")
    var normalization = InputNormalization.imagenet
  }

  let features: [any Layer]
  let taken: [Int]
  let normalization: InputNormalization

  static func allLayers(_ hyperparameters: Hyperparameters) -> [any Layer] {
    vggLayers(convolutions: [2, 2, 3, 3, 3])
  }

  /// - Throws: `ConfigurationError` for numbers that are no layer's, and images that are too small.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    features = try Self.layers(hyperparameters, in: context)
    taken = hyperparameters.layers
    normalization = hyperparameters.normalization
  }
}

/// Convolutions of each size, each followed by a ReLU, and a halving after each size.
private func vggLayers(convolutions: [Int]) -> [any Layer] {
  var layers: [any Layer] = []
  var channels = 3
  for (count, width) in zip(convolutions, [64, 128, 256, 512, 512]) {
    for _ in 0..<count {
      layers += [Conv2d(channels, width, kernel: 3, padding: 1), ReLU()]
      channels = width
    }
    layers.append(MaxPool(2, stride: 2))
  }
  return layers
}
