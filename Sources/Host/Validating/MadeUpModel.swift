import PluginAPI

/// A model without weights, with a code of two numbers for each of five classes: what metrics of
/// whole models and tools are tried on.
///
///     image = tanh(code of the pixel's class), its two channels and their mean
///
/// The code of a class changes its own area and nothing else.
final class MadeUpModel: TrainedModel {
  let name = "a made-up generator"
  let image: Port
  private let labels: Port
  private let z: Port
  private let size: Size2

  init(_ size: Size2) {
    self.size = size
    image = .image("image", height: size.height, width: size.width)
    labels = .map("labels", .labelMap, classes: 5, height: size.height, width: size.width)
    z = .latentMap("z", height: 1, width: 1, channels: 10, groups: 5)
  }

  var conditions: [Port] { [labels] }
  var latents: [Port] { [z] }
  var encodedFields: [Port] { [image, labels] }

  /// A label map of stripes, one sample.
  func fields(using random: inout RandomStream) -> Values {
    let first = Int(random.next() % 5)
    let rows = (0..<size.height).flatMap { row in
      Array(repeating: Float((row * 5 / size.height + first) % 5), count: size.width)
    }
    return ["labels": Tensor(rows, [1, size.height, size.width])]
  }

  func drawn(_ count: Int, for fields: Values, seed: UInt64) -> Values {
    var random = RandomStream(seed: seed, stream: "made-up")
    return ["z": .normal([count, 1, 1, 10], using: &random)]
  }

  /// The mean colour of each class, its first two channels.
  func encoded(_ fields: Values) -> Values {
    let planes = fields["labels"].oneHot(classes: 5)  // [N, H, W, 5]
    let counts = maximum(planes.sum(axes: [1, 2]), Tensor(1))  // [N, 5]
    let means = (0..<2).map { channel -> Tensor in
      let plane = fields["image"].sliced(axis: 3, from: channel, to: channel + 1)
      return (planes * plane).sum(axes: [1, 2]) / counts  // [N, 5]
    }
    let count = fields["labels"].shape[0]
    return ["z": Tensor.stacked(means, axis: 2).reshaped([count, 1, 1, 10])]
  }

  func generated(from fields: Values, _ latents: Values, seed: UInt64) -> Tensor {
    let planes = fields["labels"].oneHot(classes: 5)  // [N, H, W, 5]
    let count = planes.shape[0]
    let z = latents.tensor("z") ?? drawn(count, for: fields, seed: seed)["z"]
    let codes = z.reshaped([count, 1, 1, 5, 2])
    let pixels = (planes.expandedDims(4) * codes).sum(axes: [3]).tanh()  // [N, H, W, 2]
    return .concatenated([pixels, pixels.mean(axes: [3]).expandedDims(3)], axis: 3).evaluated()
  }

  func classLatent() throws -> ClassLatent {
    guard let latent = ClassLatent(conditions: conditions, latents: latents) else {
      preconditionFailure("[MadeUpModel] its latent is grouped by class")
    }
    return latent
  }
}
