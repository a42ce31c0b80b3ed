import PluginAPI
import TestSupport
import Testing

@Suite("Feature networks against PyTorch, at their true widths")
struct NetworkTests {
  /// Of the largest number expected.
  private let tolerance: Float = 1e-4

  @Test(
    "Features, scores, and the gradients of the image and of every weight",
    arguments: [
      ("vgg19", "vgg19", [:], 16), ("vgg16", "vgg16", [:], 16), ("alexnet", "alexnet", [:], 35),
      ("squeezenet", "squeezenet", ["classes": 7], 40),
      (
        "squeezenet-1.1", "squeezenet",
        ["release": "1.1", "layers": [1, 4, 7, 9, 10, 11, 12]], 39
      ),
    ] as [(String, String, Setting, Int)])
  func agrees(_ reference: String, _ name: String, _ settings: Setting, _ side: Int) throws {
    let network = try Perceptors.build(name, settings, side: side, as: (any Perceptor).self)
    Perceptors.fill(network)
    let image = Perceptors.made("image", [2, side, side, 3]).variable()
    let values = network(["image": image], in: Perceptors.context)
    var total = Tensor(0)
    for (index, feature) in values.list("features").enumerated() {
      try expectSpread(
        feature, matches: "\(reference)/features.\(index)", tolerance: tolerance)
      let cotangent = Perceptors.made("cotangent.\(index)", feature.shape)
      total += (feature * cotangent).mean()
    }
    if let scores = values.tensor("scores") {
      let expected = try Perceptors.reference("\(reference)/scores")
      let error = noted(
        difference(scores, expected), "scores", of: "perceptors \(reference)")
      #expect(error <= tolerance)
      total += (scores * Perceptors.made("cotangent.scores", scores.shape)).mean()
    }
    let weights = network.namedParameters
    let slopes = gradients(of: total, at: [image] + weights.map(\.parameter.value))
    try expectSpread(slopes[0], matches: "\(reference)/d.image", tolerance: tolerance)
    for ((path, _), slope) in zip(weights, slopes.dropFirst()) {
      try expectSpread(slope, matches: "\(reference)/d.\(path)", tolerance: tolerance)
    }
  }

  @Test("Every weight has torchvision's name, and the published number of weights is there")
  func names() throws {
    for (name, settings, count) in [
      // Convolutions of torchvision's networks; of VGG-19 without those after relu5_1.
      ("vgg19", [:], 20_024_384 - 3 * 2_359_808),
      ("vgg16", [:], 14_714_688), ("alexnet", [:], 2_469_696),
      ("squeezenet", ["classes": 1000], 1_248_424),
      ("squeezenet", ["release": "1.1", "classes": 1000], 1_235_496),
    ] as [(String, Setting, Int)] {
      let network = try Perceptors.build(name, settings, as: (any Perceptor & Importable).self)
      #expect(network.parameterCount == count, "\(name)")
      #expect(network.publishedNames["features.0.weight"] == "features.0.weight")
    }
  }

  @Test("Layers that are not there, and images too small for them, are refused in words")
  func refusals() throws {
    func message(_ name: String, _ settings: Setting, side: Int) -> String {
      do {
        _ = try Perceptors.build(name, settings, side: side, as: (any Perceptor).self)
        return "built"
      } catch { return "\(error)" }
    }
    #expect(
      message("vgg19", ["layers": [6, 1]], side: 64)
        == "layers are to be different and ascending, found [6, 1]")
    #expect(message("vgg19", ["layers": []], side: 64).contains("found []"))
    #expect(
      message("vgg19", [:], side: 15)
        == "images of side 15 are too small for layer 29; from side 16 on there is something left of "
        + "them")
    #expect(message("alexnet", [:], side: 30).contains("from side 31 on"))
    #expect(message("squeezenet", [:], side: 28).contains("from side 29 on"))
    #expect(message("squeezenet", ["release": "1.1"], side: 24).contains("from side 25 on"))
    #expect(
      message("squeezenet", ["classes": 10, "layers": [1]], side: 64).contains("needs the last"))
  }

  @Test("From the smallest sides named on, something comes out")
  func smallest() throws {
    for (name, settings, side) in [
      ("vgg19", [:], 16), ("alexnet", [:], 31), ("squeezenet", [:], 29),
      ("squeezenet", ["release": "1.1"], 25),
    ] as [(String, Setting, Int)] {
      let network = try Perceptors.build(name, settings, side: side, as: (any Perceptor).self)
      network.initialize(seed: 1, prefix: "network")
      let values = network(["image": .zeros([1, side, side, 3])], in: Perceptors.context)
      #expect(values.list("features").allSatisfy { $0.count > 0 })
    }
  }
}
