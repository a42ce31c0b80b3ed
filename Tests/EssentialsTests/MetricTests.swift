import PluginAPI
import Testing

@Suite("Metrics")
struct MetricTests {
  @Test("Peak signal to noise ratio and mean error, in whatever batches")
  func values() throws {
    for (name, figure, reference) in [
      ("psnr", "psnr", "psnr.value"), ("l1-error", "l1", "l1.value"),
    ] {
      let metric = try Essentials.build(name, as: (any Metric).self)
      for sizes in [[3], [1, 2]] {
        let measurement = metric.measurement()
        #expect(measurement.figures.isEmpty)
        var start = 0
        for size in sizes {
          measurement.add([
            "generated": try Essentials.reference("pixels.generated")
              .sliced(axis: 0, from: start, to: start + size),
            "target": try Essentials.reference("pixels.target")
              .sliced(axis: 0, from: start, to: start + size),
          ])
          start += size
        }
        let found = try #require(measurement.figures.first)
        #expect(found.name == figure && found.isBetterHigher == (name == "psnr"))
        try expect(Tensor(Float(found.value)), matches: reference)
      }
    }
  }

  @Test("Equal images have 148 dB, not infinity")
  func equal() throws {
    let measurement = try Essentials.build("psnr", as: (any Metric).self).measurement()
    let image = Tensor.zeros([1, 2, 2, 3])
    measurement.add(["generated": image, "target": image])
    let value = try #require(measurement.figures.first?.value)
    #expect(abs(value - 148.13) < 0.01)
  }
}
