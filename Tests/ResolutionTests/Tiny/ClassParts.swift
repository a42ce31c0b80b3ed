import PluginAPI

/// Images of 4×4 pixels in stripes of three classes, one brightness a class.
///
/// Sample `i` has brightness `0.1·i + 0.2·class`; classes lie in columns 0–1, 2 and 3.
struct StripedData: Dataset {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", side: 4, role: .target), .labelMap("labels", classes: 3, side: 4)]
  }

  static let row: [Float] = [0, 0, 1, 2]

  func count(of split: Split) -> Int { 4 }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample {
    let labels = (0..<4).flatMap { _ in Self.row }
    let pixels = labels.flatMap { label in
      Array(repeating: 0.1 * Float(index) + 0.2 * label, count: 3)
    }
    return ["image": Field(pixels, shape: [4, 4, 3]), "labels": Field(labels, shape: [4, 4])]
  }
}

/// A code for each class: its mean brightness times a weight, and noise.
struct StripedEncoder: Encoder {
  let weight = Parameter([1], initial: .constant(2))

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target), .labelMap("labels", classes: 3)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    let z = Port.latentMap("z", height: 1, width: 1, channels: 3, groups: 3)
    return [z, .posterior("posterior", of: z)]
  }

  static func samplingSources(
    _ hyperparameters: NoHyperparameters
  ) -> [String: SamplingSource] { ["z": .standardNormal, "posterior": .absent] }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let planes = inputs["labels"].oneHot(classes: 3)  // [N, 4, 4, 3]
    let brightness = inputs["image"].mean(axes: [3]).expandedDims(3)
    let means = (planes * brightness).sum(axes: [1, 2]) / planes.sum(axes: [1, 2])
    let mean = (means * weight.value).reshaped([-1, 1, 1, 3])
    let noise = context.normal("z", mean.shape)
    return [
      "z": mean + noise, "posterior.mean": mean, "posterior.logVariance": .zeros(mean.shape),
    ]
  }
}

/// Each pixel half the code of its class.
struct StripedGenerator: Generator {
  let weight = Parameter([1], initial: .constant(0.5))

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [
      .labelMap("labels", classes: 3),
      .latentMap("z", height: 1, width: 1, channels: 3, groups: 3),
    ]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", side: 4)]
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let planes = inputs["labels"].oneHot(classes: 3)
    let pixel = (planes * inputs["z"] * weight.value).sum(axes: [3]).expandedDims(3)
    return ["image": pixel.broadcast(to: pixel.shape.dropLast() + [3])]
  }
}

/// The image itself as a feature, so that distances can be worked out by hand.
struct PlainSight: Perceptor {
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.features("features", layers: 1)]
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    ["features.0": inputs["image"]]
  }
}
