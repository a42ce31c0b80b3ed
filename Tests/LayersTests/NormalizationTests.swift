import Layers
import Tensor
import TestSupport
import Testing

@Suite("Normalisation against PyTorch")
struct NormalizationTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture.load("layers") }

  private func check(_ name: String, _ layer: some Layer) throws {
    let test = LayerCase(fixture, name)
    try test.load(into: layer)
    try test.check(layer.namedParameters) { layer($0, in: context(training: true)) }
    try test.check(layer.namedParameters) { layer(asView($0), in: context(training: true)) }
  }

  @Test("Instance, group and layer norm, with second derivatives")
  func withoutState() throws {
    try check("instance", InstanceNorm2d(3))
    try check("instance.affine", InstanceNorm2d(3, affine: true))
    try check("group", GroupNorm(groups: 2, 6))
    try check("group2", GroupNorm(groups: 2, 6))
    try check("layer", LayerNorm([6]))
  }

  @Test(
    "Batch norm moves its statistics over two steps and uses them in inference",
    arguments: ["batch", "batch2", "batch.plain"])
  func batchNorm(name: String) throws {
    let layer = BatchNorm2d(3, affine: name != "batch.plain")
    layer.initialize(seed: 1, prefix: "")
    for step in ["step0", "step1"] {
      let test = LayerCase(fixture, "\(name).\(step)")
      try test.load(into: layer)
      try test.check(layer.namedParameters) { layer($0, in: context(training: true)) }
      expectClose(layer.runningMean.value, try test.tensor("mean"), tolerance: 1e-5)
      expectClose(layer.runningVariance.value, try test.tensor("variance"), tolerance: 1e-5)
    }
    let test = LayerCase(fixture, "\(name).eval")
    try test.check(layer.namedParameters) { layer($0, in: context(training: false)) }
  }

  @Test("Batch norm leaves its statistics alone where buffers are not to be updated")
  func batchNormFrozen() throws {
    let layer = BatchNorm2d(3)
    layer.initialize(seed: 1, prefix: "")
    let x = try fixture.tensor("batch.step0.x")
    _ = layer(x, in: context(training: true, updatesBuffers: false)).scalars()
    _ = layer(x, in: context(training: false)).scalars()
    #expect(layer.runningMean.value.scalars() == [0, 0, 0])
    #expect(layer.runningVariance.value.scalars() == [1, 1, 1])
  }
}
