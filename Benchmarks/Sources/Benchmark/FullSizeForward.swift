import PluginAPI
import TestSupport

/// GroupDNet as published for DeepFashion, 109,160,163 parameters: an image's codes, and the image they give, at 256×256.
///
/// In evaluation mode, on one image of noise whose labels are quadrants; the weights are drawn.
struct FullSizeForward {
  private let encoder: any Encoder & Module
  private let generator: any Generator & Module
  private let inputs: Values
  private static let side = 256
  private static let classes = 8

  /// - Throws: what keeps a network from being built.
  init() throws {
    let (side, classes) = (Self.side, Self.classes)
    let image = Port.image("image", side: side)
    let labels = Port.map("labels", .labelMap, classes: classes, height: side, width: side)
    let z = Port.latentMap(
      "z", height: side / 64, width: side / 64, channels: 8 * classes, groups: classes)
    let plugin = try PluginUnderTest("SMIS")
    encoder = try plugin.build(
      "class-split", ["width": 32], bound: [image, labels], image: image,
      as: (any Encoder & Module).self)
    generator = try plugin.build(
      "groupdnet", bound: [labels, z], image: image, as: (any Generator & Module).self)
    let count = encoder.parameterCount + generator.parameterCount
    precondition(count == 109_160_163, "[FullSizeForward] \(count) parameters")
    encoder.initialize(seed: 1, prefix: "encoder")
    generator.initialize(seed: 1, prefix: "generator")
    var random = RandomStream(seed: 1, stream: "image")
    let quadrants = (0..<side * side).map { pixel in
      Float(pixel / side / (side / 2) * 2 + pixel % side / (side / 2))
    }
    inputs = [
      "image": Tensor.normal([1, side, side, 3], using: &random).tanh().evaluated(),
      "labels": Tensor(quadrants, [1, side, side]),
    ]
  }

  /// The mean magnitude of what comes out, so that something must come out.
  func run() -> [String: Float] {
    let context = CallContext(
      training: false, updatesBuffers: false, seed: 1, stream: "forward", step: 0)
    return withoutGradient {
      let codes = encoder(inputs, in: context)
      let image = generator(["labels": inputs["labels"], "z": codes["z"]], in: context)["image"]
      return ["mean": image.abs().mean().item()]
    }
  }
}
