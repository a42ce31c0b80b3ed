import PluginAPI
import TestSupport
import Testing

@Suite("Separate networks a class")
struct SeparateTests {
  /// One convolution straight to the image on both sides; spectral norms see different matrices.
  @Test("MulNet with a group's width equals GroupNet with the same weights, block by block")
  func equality() throws {
    let (classes, side) = (2, 64)
    let plugin = try PluginUnderTest("SMIS")
    let bound = [
      Port.labelMap("labels", classes: classes, side: side),
      .latentMap("z", height: 2, width: 2, channels: 8 * classes),
    ]
    let image = Port.image("image", side: side)
    let whole = try plugin.build(
      "groupdnet",
      ["width": 4, "groups": [2, 2, 2, 2, 2, 2, 2], "hidden": 6, "spectral": "none"], bound: bound,
      image: image, as: (any Generator).self)
    let separate = try plugin.build(
      "mulnet", ["width": 2, "fusion": .null, "hidden": 6, "spectral": "none"], bound: bound,
      image: image, as: (any Generator).self)
    whole.initialize(seed: 3, prefix: "")
    separate.initialize(seed: 4, prefix: "")
    let weights = Dictionary(
      uniqueKeysWithValues: whole.namedParameters.map { ($0.path, $0.parameter) })
    for (path, parameter) in separate.namedParameters {
      let parts = path.split(separator: ".", maxSplits: 2).map(String.init)
      if parts[0] == "fusion" {
        let own = path.replacing("fusion.0", with: "decoder.toImage")
        parameter.value = try #require(weights[own]).value
      } else {
        let index = try #require(Int(parts[1]))
        let source = try #require(weights["decoder.\(parts[2])"], "\(path)").value
        let size = source.shape[0] / classes
        parameter.value = source.sliced(axis: 0, from: index * size, to: (index + 1) * size)
      }
    }
    let values: Values = [
      "labels": HashedNumbers.labels("labels", 2, side, side, classes: classes, block: 8),
      "z": HashedNumbers.tensor("z", [2, 2, 2, 8 * classes]),
    ]
    for training in [true, false] {
      func context() -> CallContext {
        CallContext(
          training: training, updatesBuffers: training, seed: 1, stream: "", step: 0)
      }
      let (one, many) = (
        whole(values, in: context())["image"], separate(values, in: context())["image"]
      )
      #expect(one.variance().item() > 0)
      #expect(difference(many, one) < 1e-5)
    }
  }

  @Test("An encoder a class equals the grouped one with the same weights")
  func encoders() throws {
    let (classes, side) = (3, 64)
    let plugin = try PluginUnderTest("SMIS")
    let image = Port.image("image", side: side)
    func encoder(_ networks: Setting) throws -> any Encoder {
      let encoder = try plugin.build(
        "class-split", ["width": 2, "spectral": "none", "networks": networks],
        bound: [image, .labelMap("labels", classes: classes, side: side)], image: image,
        as: (any Encoder).self)
      encoder.initialize(seed: 3, prefix: "")
      return encoder
    }
    let (whole, separate) = (try encoder("grouped"), try encoder("separate"))
    let weights = Dictionary(
      uniqueKeysWithValues: whole.namedParameters.map { ($0.path, $0.parameter) })
    for (path, parameter) in separate.namedParameters {
      let parts = path.split(separator: ".", maxSplits: 2).map(String.init)
      let index = try #require(Int(parts[1]))
      let source = try #require(weights["encoders.0.\(parts[2])"], "\(path)").value
      let size = source.shape[0] / classes
      parameter.value = source.sliced(axis: 0, from: index * size, to: (index + 1) * size)
    }
    let values: Values = [
      "labels": HashedNumbers.labels("labels", 2, side, side, classes: classes, block: 8),
      "image": HashedNumbers.tensor("image", [2, side, side, 3]),
    ]
    let context = CallContext(training: true, updatesBuffers: true, seed: 1, stream: "", step: 0)
    let (one, many) = (whole(values, in: context), separate(values, in: context))
    for name in ["posterior.mean", "posterior.logVariance"] {
      #expect(difference(many[name], one[name]) < 1e-5)
    }
  }
}
