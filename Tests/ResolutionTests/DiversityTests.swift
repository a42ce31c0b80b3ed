import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// The largest relative difference allowed from what is worked out by hand.
private let tolerance = 1e-5

/// A model whose every draw lies 1 above the one before, with pixels a tenth of their class's code,
/// of which a twentieth leaks into the rest.
private final class RampModel: TrainedModel {
  let name = "ramp"
  let image = Port.image("image", side: 4)
  let conditions = [PluginAPI.Port.labelMap("labels", classes: 3, side: 4)]
  let latents: [PluginAPI.Port]
  let encodedFields: [PluginAPI.Port] = []

  init(isGrouped: Bool) {
    latents = [
      .latentMap("z", height: 1, width: 1, channels: 3, groups: isGrouped ? 3 : nil)
    ]
  }

  func drawn(_ count: Int, for fields: Values, seed: UInt64) -> Values {
    ["z": .full(Float(seed % 1000), [count, 1, 1, 3])]
  }

  func encoded(_ fields: Values) -> Values { [:] }

  func generated(from fields: Values, _ latents: Values, seed: UInt64) -> Tensor {
    let planes = fields["labels"].oneHot(classes: 3)  // [N, 4, 4, 3]
    let z = latents["z"]
    let pixel = (planes * z * 0.1 + (1 - planes) * z * 0.05).sum(axes: [3]).expandedDims(3)
    return pixel.broadcast(to: pixel.shape.dropLast() + [3])
  }

  func classLatent() throws -> ClassLatent {
    guard let found = ClassLatent(conditions: conditions, latents: latents) else {
      throw ConfigurationError("not grouped")
    }
    return found
  }
}

@Suite("Diversity of classes against figures worked out by hand", .serialized)
struct DiversityTests {
  /// Three of four columns are of class 0, one of class 2; class 1 is absent.
  private let labels = Tensor((0..<4).flatMap { _ in [0, 0, 0, 2] as [Float] }, [1, 4, 4])

  private func figures(
    _ name: String, _ settings: Setting = [:], isGrouped: Bool = true
  ) throws -> [String: Double] {
    let plugin = try StubCatalog.perceptors.get().description
    let component = try #require(plugin.components.first { $0.name == name })
    let ports = PortContext(
      bound: ["labels": .labelMap("labels", classes: 3, side: 4)], image: nil,
      slots: { _, _, _ in [.features("features", layers: 1)] })
    let context = BuildContext(ports: ports, provided: [:]) { _ in
      let none = PortContext(bound: [:], image: nil) { _, _, _ in [] }
      return PlainSight(
        .init(), in: BuildContext(ports: none, provided: [:]) { _ in fatalError("no slots") })
    }
    let settings = try component.completed(settings)
    let metric = try #require(try component.build(settings, in: context) as? any ModelMetric)
    let measurement = metric.measurement(of: RampModel(isGrouped: isGrouped))
    for _ in 0..<2 { measurement.add(["labels": labels]) }
    return Dictionary(uniqueKeysWithValues: measurement.figures.map { ($0.name, $0.value) })
  }

  private func expect(_ found: Double?, _ expected: Double) throws {
    let found = try #require(found)
    #expect(abs(found - expected) <= tolerance * expected, "\(found), expected \(expected)")
  }

  // A step of a class's code changes its own pixels by 0.1 and the others by 0.05, in three channels:
  // 0.03 and 0.0075 times the share of the pixels, which is ¾ for class 0 and ¼ for class 2.
  private let own = [0.75 * 0.03, 0.25 * 0.03]
  private let rest = [0.25 * 0.0075, 0.75 * 0.0075]

  @Test("Codes of classes, masked images or masked distances", arguments: ["images", "distances"])
  func grouped(_ masked: String) throws {
    let found = try figures("class-diversity", ["masked": .string(masked), "pairs": 3])
    try expect(found["mcsd"], (own[0] + own[1]) / 2)
    try expect(found["mocd"], (rest[0] + rest[1]) / 2)
  }

  @Test("Absent classes may count as 0")
  func absent() throws {
    let found = try figures("class-diversity", ["countAbsentAsZero": true, "pairs": 2])
    try expect(found["mcsd"], (own[0] + own[1]) / 3)
    try expect(found["mocd"], (rest[0] + rest[1]) / 3)
  }

  @Test("Without codes of classes everything is drawn, and changes inside and outside")
  func whole() throws {
    let found = try figures("class-diversity", ["pairs": 2], isGrouped: false)
    // All three codes step: each pixel changes by 0.1 + 2·0.05.
    let pixel = 3 * 0.04
    try expect(found["mcsd"], pixel * 0.5)
    try expect(found["mocd"], pixel * 0.5)
  }

  @Test("Only so many maps are looked at, and a row's neighbours are its pairs")
  func counts() throws {
    let experiment = ModelTests.experiment(
      #""perceptors": { "similarity": { "use": "tiny/sight" } },"#,
      reports: """
        , "metrics": [{ "use": "perceptors/diversity", "with": { "maps": 2, "pairs": 500 } },
          { "use": "perceptors/class-diversity", "with": { "maps": 1, "pairs": 40 } }]
        """)
    let networks = try Networks(TinyRun.resolved(experiment))
    var told: [String] = []
    let measured = try Measuring(networks: networks) { told.append($0) }.figures(count: 4)
    #expect(measured.map(\.figure.name) == ["lpips-diversity", "mcsd", "mocd"])
    #expect(told.last == "4 of 4 samples measured")
    // Neighbours' codes are independent normals, halved: E(Δ²) is 2/4 a channel; classes do not leak.
    let whole = measured[0].figure.value
    #expect((1.4...1.6).contains(whole), "\(whole), expected 3 · ½ but for chance")
    #expect(measured[2].figure.value == 0)
    #expect(measured[1].figure.value > 0.3)
  }
}
