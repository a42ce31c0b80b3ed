import PluginAPI
import TestSupport
import Testing

@Suite("Metrics that look through a network")
struct MetricTests {
  private let tolerance: Float = 1e-4

  @Test(
    "The Fréchet distance of nine images each, in whatever batches, with fewer images than features",
    arguments: [0, 4])
  func frechet(_ layer: Int) throws {
    let settings: Setting = [
      "network": ["use": "perceptors/alexnet"], "layer": .number(Double(layer)),
    ]
    let metric = try Perceptors.build("fid", settings, side: 35, as: (any Metric).self)
    Perceptors.fill(try #require(metric as? any Module))
    let generated = Perceptors.made("generated", [9, 35, 35, 3])
    let real = Perceptors.made("real", [9, 35, 35, 3]) * 0.7
    for sizes in [[9], [4, 4, 1]] {
      let measurement = metric.measurement()
      #expect(measurement.figures.isEmpty)
      var start = 0
      for size in sizes {
        measurement.add([
          "generated": generated.sliced(axis: 0, from: start, to: start + size),
          "target": real.sliced(axis: 0, from: start, to: start + size),
        ])
        start += size
      }
      let figure = try #require(measurement.figures.first)
      #expect(figure.name == "fid(perceptors/alexnet)" && !figure.isBetterHigher)
      let expected = try Perceptors.reference("fid/\(layer)")
      #expect(difference(Tensor(Float(figure.value)), expected) <= tolerance)
    }
  }

  @Test("Of equal sets the Fréchet distance is 0; of images that are none it is no number")
  func frechetLimits() throws {
    let settings: Setting = ["network": ["use": "perceptors/squeezenet"]]
    let metric = try Perceptors.build("fid", settings, as: (any Metric).self)
    Perceptors.fill(try #require(metric as? any Module))
    let images = Perceptors.made("image", [6, 64, 64, 3])
    let same = metric.measurement()
    same.add(["generated": images, "target": images])
    let value = try #require(same.figures.first?.value)
    // Of eigenvalues that are 0 but for rounding the roots are not so small.
    #expect(abs(value) < 1e-4)
    let broken = metric.measurement()
    broken.add(["generated": images * .nan, "target": images])
    #expect(broken.figures.first?.value.isNaN ?? false)
  }

  @Test("A layer that the network does not give is refused")
  func refusal() {
    let settings: Setting = ["network": ["use": "perceptors/alexnet"], "layer": 5]
    let error = #expect(throws: ConfigurationError.self) {
      try Perceptors.build("fid", settings, as: (any Metric).self)
    }
    #expect(error?.message.contains("0 to 4, found layer 5") ?? false)
  }
}
