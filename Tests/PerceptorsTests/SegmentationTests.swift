import PluginAPI
import TestSupport
import Testing

@Suite("Metrics of a segmenter")
struct SegmentationTests {
  @Test(
    "Shares and overlaps as numpy counts them, classes left out or not",
    arguments: [[], [2]])
  func counts(_ ignored: [Int]) throws {
    let name = ignored.isEmpty ? "all" : "some"
    let made = Perceptors.made("labels", [2, 8, 8])
    let labels = (made.abs() * 4).floor().clamp(max: 3)
    let scores = Perceptors.made("scores", [2, 8, 8, 5]) + labels.oneHot(classes: 5) * 0.8
    for (id, reference) in [("pixel-accuracy", "accuracy"), ("mean-iou", "iou")] {
      let settings: Setting = [
        "segmenter": ["use": "perceptors/segmenter", "with": ["classes": 5, "width": 4]],
        "ignored": .array(ignored.map { .number(Double($0)) }),
      ]
      let metric = try Perceptors.build(id, settings, side: 8, as: (any Metric).self)
      let module = try #require(metric as? any Module)
      module.initialize(seed: 1, prefix: "metric")
      // A segmenter that says the bias of its head for every pixel: one image a pixel of `scores`.
      let measurement = metric.measurement()
      let head = try #require(
        module.namedParameters.first { $0.path.hasSuffix("head.bias") }?.parameter)
      let weight = try #require(
        module.namedParameters.first { $0.path.hasSuffix("head.weight") }?.parameter)
      weight.value = .zeros(weight.shape)
      let (pixels, kinds) = (scores.reshaped([128, 5]), labels.reshaped([128]))
      for pixel in 0..<128 {
        head.value = pixels.sliced(axis: 0, from: pixel, to: pixel + 1).reshaped([5])
        let kind = kinds.sliced(axis: 0, from: pixel, to: pixel + 1).item()
        measurement.add([
          "generated": .zeros([1, 8, 8, 3]), "target": .zeros([1, 8, 8, 3]),
          "labels": .full(kind, [1, 8, 8]),
        ])
      }
      let figures = measurement.figures
      #expect(figures.map(\.name) == [id, "\(id)-real"])
      let expected = try Perceptors.reference("segmentation/\(name).\(reference)")
      for figure in figures {
        #expect(difference(Tensor(Float(figure.value)), expected) <= 1e-6, "\(figure.name)")
      }
    }
  }

  @Test("Cross entropy of scores and its gradient, as PyTorch has them")
  func crossEntropy() throws {
    let map = Port.map("segmentation", .segmentation, classes: 5)
    let loss = try Perceptors.build(
      "cross-entropy", bound: [map, .labelMap("labels", classes: 4)], as: (any Loss).self)
    let scores = Perceptors.made("scores", [2, 8, 8, 5]).variable()
    let labels = (Perceptors.made("labels", [2, 8, 8]).abs() * 4).floor().clamp(max: 3)
    let value = loss(["segmentation": scores, "labels": labels], in: Perceptors.context)
    let error = noted(
      difference(value, try Perceptors.reference("cross-entropy/value")), "value",
      of: "perceptors cross-entropy")
    #expect(error <= 1e-6)
    try expectSpread(
      gradients(of: value, at: [scores])[0], matches: "cross-entropy/d.scores", tolerance: 1e-6)
  }

  @Test("Without a pixel that counts there is no figure")
  func nothing() throws {
    let settings: Setting = [
      "segmenter": ["use": "perceptors/segmenter", "with": ["width": 4]], "ignored": [0],
    ]
    let metric = try Perceptors.build("mean-iou", settings, side: 8, as: (any Metric).self)
    try #require(metric as? any Module).initialize(seed: 1, prefix: "metric")
    let measurement = metric.measurement()
    measurement.add([
      "generated": .zeros([1, 8, 8, 3]), "target": .zeros([1, 8, 8, 3]),
      "labels": .zeros([1, 8, 8]),
    ])
    #expect(measurement.figures.isEmpty)
  }

  @Test("A segmenter says how it is trained where there is a label map, for as many classes")
  func pretraining() throws {
    let plugin = try Perceptors.plugin.get().description
    let component = try #require(plugin.components.first { $0.name == "segmenter" })
    let type = try #require(component.type as? any Pretrainable.Type)
    let image = Port.image("image", side: 64)
    let found = type.pretraining(on: [image, .labelMap("labels", classes: 35)])
    let how = try #require(found)
    #expect(try component.completed(how.settings)["classes"] == 35)
    #expect(how.stage.contains("perceptors/cross-entropy"))
    let none = type.pretraining(on: [image])
    #expect(none == nil)
  }

  @Test("A network that reads no classes is refused")
  func refusal() {
    for id in ["pixel-accuracy", "mean-iou"] {
      let settings: Setting = ["segmenter": ["use": "perceptors/vgg19"]]
      let error = #expect(throws: ConfigurationError.self) {
        try Perceptors.build(id, settings, as: (any Metric).self)
      }
      #expect(error?.message == "perceptors/vgg19 gives no segmentation, only features")
    }
  }
}
