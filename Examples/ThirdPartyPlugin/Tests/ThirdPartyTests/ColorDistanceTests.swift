import PluginAPI
import Testing

@testable import ThirdParty

@Suite("ColorDistance")
struct ColorDistanceTests {
  @Test("Two plain pictures are as far apart as their colours")
  func distance() throws {
    let measurement = ColorDistance(.init(), in: context()).measurement()
    let plain = Tensor.ones([2, 4, 4, 3])
    measurement.add(["generated": plain, "target": plain * 0.5])
    #expect(measurement.figures.map(\.value) == [0.5])
  }
}
