import PluginAPI

/// The first layers of a published image classifier, of which others take what comes after some.
///
/// Layers are numbered as torchvision numbers them, so that weights have the names they have there:
/// `features.0.weight`. Only layers up to the last one taken are built.
///
/// Maps `image [N, H, W, 3]` in -1...1 to `features.0`, `features.1`, …, each `[N, H', W', C]`.
protocol FeatureNetwork: Perceptor, Importable where Hyperparameters: FeatureSettings {
  /// All layers there are under these settings.
  static func allLayers(_ hyperparameters: Hyperparameters) -> [any Layer]
  /// The layers that are run, in order.
  var features: [any Layer] { get }
  /// The numbers of the layers after which features are taken, ascending.
  var taken: [Int] { get }
  /// What is done to the image first.
  var normalization: InputNormalization { get }
}

/// The settings that every feature network has.
protocol FeatureSettings: HyperparameterSet {
  /// The numbers of the layers after which features are taken.
  var layers: [Int] { get }
  /// What is done to the image first.
  var normalization: InputNormalization { get }
}

/// What a feature network does to an image in -1...1 first.
enum InputNormalization: String, CaseIterable, HyperparameterValue {
  /// Nothing.
  case none
  /// The means and deviations of ImageNet's pixels in 0...1.
  case imagenet
  /// Pixels in 0...255, blue first, without their means, as Caffe's networks want them.
  case caffe
  /// The same with the means of red and blue exchanged, as some published code has it.
  case caffeSwapped = "caffe-swapped"
  /// Half of it, blue first, as OpenPose's networks want it.
  case openpose

  /// Applies it: for ImageNet `((x + 1) / 2 − mean) / deviation`.
  func callAsFunction(_ image: Tensor) -> Tensor {
    switch self {
    case .none: return image
    case .imagenet:
      let mean = Tensor([0.485, 0.456, 0.406], [3])
      let deviation = Tensor([0.229, 0.224, 0.225], [3])
      return ((image + 1) * 0.5 - mean) / deviation
    case .caffe, .caffeSwapped:
      let means: [Float] = [103.939, 116.779, 123.68]  // blue, green, red
      let pixels = (image + 1) * 127.5
      let ordered = self == .caffe ? Array(means.reversed()) : means
      return (pixels - Tensor(ordered, [3])).flipped(axis: 3)
    case .openpose: return image.flipped(axis: 3) * 0.5
    }
  }
}

extension FeatureNetwork {
  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  /// - Throws: `ConfigurationError` for numbers that are no layer's.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [try featurePort(hyperparameters)]
  }

  /// The port of the features; its attributes `channels.0`, `channels.1`, … say how many channels
  /// those of each layer have.
  ///
  /// - Throws: `ConfigurationError` for numbers that are no layer's.
  static func featurePort(_ hyperparameters: Hyperparameters) throws -> Port {
    var channels: [Int] = []
    for layer in try layers(hyperparameters) {
      switch layer {
      case let conv as Conv2d: channels.append(conv.weight.shape[0])
      case let fire as Fire: channels.append(2 * fire.expand1x1.weight.shape[0])
      default: channels.append(channels.last ?? 3)
      }
    }
    return .features("features", channels: hyperparameters.layers.map { channels[$0] })
  }

  /// The layers up to the last one taken.
  ///
  /// - Throws: `ConfigurationError` for numbers that are no layer's.
  private static func layers(_ hyperparameters: Hyperparameters) throws -> [any Layer] {
    let all = allLayers(hyperparameters)
    let numbers = hyperparameters.layers
    guard let last = numbers.last, numbers[0] >= 0, numbers == Set(numbers).sorted() else {
      throw ConfigurationError("layers are to be different and ascending, found \(numbers)")
    }
    guard last < all.count else {
      throw ConfigurationError("there are layers 0 to \(all.count - 1), found \(last)")
    }
    return Array(all[...last])
  }

  /// The layers up to the last one taken, for images of the sizes that are known.
  ///
  /// - Throws: `ConfigurationError` for numbers that are no layer's, and images that are too small.
  static func layers(
    _ hyperparameters: Hyperparameters, in context: BuildContext
  ) throws -> [any Layer] {
    let used = try layers(hyperparameters)
    guard let side = (context.bound["image"] ?? context.ports.image)?.shortestSide,
      outputSide(of: side, after: used) == 0
    else { return used }
    let smallest = (side...1024).first { outputSide(of: $0, after: used) > 0 } ?? 1024
    throw ConfigurationError(
      "images of side \(side) are too small for layer \(used.count - 1); from side \(smallest) on "
        + "there is something left of them")
  }

  /// How long a side is after some layers; 0 where nothing is left.
  private static func outputSide(of side: Int, after layers: [any Layer]) -> Int {
    layers.reduce(side) { side, layer in
      switch layer {
      case let conv as Conv2d:
        let room = side + 2 * conv.padding.height - conv.weight.shape[2]
        return side > 0 && room >= 0 ? room / conv.stride.height + 1 : 0
      case let pool as MaxPool:
        return side > 0 ? max(0, pool.outputSide(of: side)) : 0
      default: return side
      }
    }
  }

  /// The features, and what comes after the last layer.
  func looked(at image: Tensor, in context: CallContext) -> (features: [Tensor], last: Tensor) {
    var x = normalization(image)
    var found: [Tensor] = []
    for (number, layer) in features.enumerated() {
      x = layer(x, in: context)
      if taken.contains(number) { found.append(x) }
    }
    return (found, x)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    var values = Values()
    values.set("features", looked(at: inputs["image"], in: context).features)
    return values
  }

  /// Torchvision's names, which are our own.
  var publishedNames: [String: String] {
    Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.path, $0.path) })
  }
}

extension Port {
  /// Feature maps whose numbers of channels are known.
  static func features(_ name: String, channels: [Int]) -> Port {
    var port = Port.features(name, layers: channels.count)
    for (layer, count) in channels.enumerated() { port.attributes["channels.\(layer)"] = count }
    return port
  }
}
