import PluginAPI
import TestSupport
import Testing

@Suite("Structural similarity")
struct SimilarityTests {
  private let fixture = Result { try Fixture.load("similarity") }

  private func value(_ name: String, _ inputs: Values, in sizes: [Int]) throws -> Double {
    let metric = try Essentials.build(name, as: (any Metric).self)
    let measurement = metric.measurement()
    #expect(measurement.figures.isEmpty)
    var start = 0
    for size in sizes {
      measurement.add(inputs.map { $1.sliced(axis: 0, from: start, to: start + size) })
      start += size
    }
    let figure = try #require(measurement.figures.first)
    #expect(figure.name == name && figure.isBetterHigher && measurement.figures.count == 1)
    return figure.value
  }

  private func pictures(_ names: [String]) throws -> Values {
    let fixture = try fixture.get()
    return Values(
      Dictionary(uniqueKeysWithValues: try names.map { ($0, try fixture[$0].tensor()) }))
  }

  @Test("As scikit-image computes it, in whatever batches", arguments: ["ssim", "masked-ssim"])
  func reference(_ name: String) throws {
    let inputs = try pictures(["generated", "target"] + (name == "ssim" ? [] : ["mask"]))
    let expected = Double(try fixture.get()[name].tensor().item())
    for sizes in [[3], [1, 2]] {
      let found = try value(name, inputs, in: sizes)
      #expect(abs(found - expected) <= 1e-5, "\(found), expected \(expected)")
    }
  }

  @Test("Of equal images it is 1, also where all is of one colour")
  func equal() throws {
    let target = try pictures(["target"])["target"]
    for image in [target, .zeros([1, 11, 11, 3]), .full(-1, [1, 12, 11, 3])] {
      let inputs: Values = ["generated": image, "target": image]
      #expect(abs(try value("ssim", inputs, in: [image.shape[0]]) - 1) < 1e-5)
    }
  }

  @Test("Images smaller than the window are refused")
  func refusal() {
    let small = Port.image("generated", side: 10)
    let error = #expect(throws: ConfigurationError.self) {
      try Essentials.build("ssim", bound: [small], as: (any Metric).self)
    }
    #expect(error?.message.contains("side 10 is smaller than the window of 11") ?? false)
  }
}
