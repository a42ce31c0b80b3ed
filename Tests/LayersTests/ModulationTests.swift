import Layers
import Tensor
import TestSupport
import Testing

@Suite("Normalisations told by a map or a condition, against PyTorch")
struct ModulationTests {
  let tolerance: Float = 1e-4
  let fixture: Fixture

  init() throws { fixture = try Fixture.load("modulation") }

  /// Compares value, first and second derivatives of a layer with those of a case.
  private func check(
    _ name: String, _ module: some Module, inputs: [String], _ layer: ([Tensor]) -> Tensor
  ) throws {
    func tensor(_ key: String) throws -> Tensor { try fixture.tensor("\(name)/\(key)") }
    module.initialize(seed: 1, prefix: "")
    for (path, parameter) in module.namedParameters { parameter.value = try tensor(path) }
    let points = try inputs.map { try tensor($0).variable() }
    let y = layer(points)
    expectClose(y, try tensor("y"), tolerance: tolerance, "y")
    let keys = inputs + module.namedParameters.map(\.path)
    let leaves = points + module.namedParameters.map(\.parameter.value)
    let loss = (try tensor("r") * y * y).sum() * 0.5
    let first = gradients(of: loss, at: leaves, differentiable: true)
    for (slope, key) in zip(first, keys) {
      expectClose(
        try #require(slope), try tensor("g/\(key)"), tolerance: tolerance, "g/\(key)")
    }
    let second = gradients(of: try #require(first[0]).square().sum(), at: leaves)
    for (slope, key) in zip(second, keys) {
      expectClose(
        try #require(slope), try tensor("p/\(key)"), tolerance: tolerance, "p/\(key)")
    }
    for (path, buffer) in module.namedBuffers {
      let key = path.hasSuffix("Mean") ? "mean" : "variance"
      expectClose(buffer.value, try tensor(key), tolerance: tolerance, path)
    }
  }

  @Test("a map scales and moves positions, in groups too, over batch and instance statistics")
  func spatial() throws {
    let plain = SpatiallyAdaptiveNorm2d(5, mapChannels: 3, hidden: 6)
    let grouped = SpatiallyAdaptiveNorm2d(
      6, mapChannels: 4, hidden: 8, groups: 2, sharedGroups: 4)
    let instance = SpatiallyAdaptiveNorm2d(
      4, mapChannels: 3, hidden: 6, kernel: 1, norm: InstanceNorm2d(4))
    for (name, layer) in [
      ("spatial", plain), ("spatial grouped", grouped), ("spatial instance", instance),
    ] {
      try check(name, layer, inputs: ["x", "c"]) {
        layer($0[0], $0[1], in: context(training: true))
      }
    }
  }

  @Test("labels and their one-hot planes in memory say the same")
  func labels() {
    let layer = SpatiallyAdaptiveNorm2d(4, mapChannels: 3, hidden: 6)
    layer.initialize(seed: 1, prefix: "")
    let x = fixedNumbers([2, 3, 5, 4])
    let labels = (fixedNumbers([2, 7, 9], in: 0...3) - 0.5).round()
    let planes = labels.oneHot(classes: 3)
    let written = Tensor(planes.scalars(), planes.shape)
    let y = layer(x, planes, in: context(training: true))
    let other = layer(x, written, in: context(training: true))
    expectClose(y, other, tolerance: 1e-5)
  }

  @Test("a condition scales and moves channels, where a mask lets it")
  func conditional() throws {
    let plain = ConditionalNorm2d(5, conditionSize: 3)
    try check("conditional", plain, inputs: ["x", "c"]) {
      plain($0[0], $0[1], in: context(training: true))
    }
    let masked = ConditionalNorm2d(5, conditionSize: 3, hidden: 4)
    try check("conditional masked", masked, inputs: ["x", "c", "m"]) {
      masked($0[0], $0[1], mask: $0[2], in: context(training: true))
    }
  }

  @Test("without training a condition changes nothing, nor does anything outside of the mask")
  func untold() {
    let layer = ConditionalNorm2d(4, conditionSize: 3, hidden: 5)
    layer.initialize(seed: 1, prefix: "")
    let x = fixedNumbers([2, 3, 3, 4])
    let plain = BatchNorm2d(4, affine: false)
    plain.initialize(seed: 1, prefix: "")
    let expected = plain(x, in: context(training: true))
    let y = layer(x, fixedNumbers([2, 3]), in: context(training: true))
    expectClose(y, expected, tolerance: 1e-6)
    for (_, parameter) in layer.namedParameters { parameter.value = .ones(parameter.shape) }
    let outside = layer(
      x, fixedNumbers([2, 3]), mask: .zeros([2, 3, 3, 1]), in: context(training: true))
    expectClose(outside, expected, tolerance: 1e-6)
  }

  @Test("instance norm keeps running statistics and uses them in inference")
  func tracked() throws {
    let layer = InstanceNorm2d(3, affine: true, momentum: 0.1)
    try check("tracked", layer, inputs: ["x"]) { layer($0[0], in: context(training: true)) }
    let inference = InstanceNorm2d(3, affine: true, momentum: 0.1)
    inference.initialize(seed: 1, prefix: "")
    for (path, parameter) in inference.namedParameters {
      parameter.value = try fixture.tensor("tracked inference/\(path)")
    }
    inference.runningMean?.value = try fixture.tensor("tracked/mean")
    inference.runningVariance?.value = try fixture.tensor("tracked/variance")
    let y = inference(try fixture.tensor("tracked inference/x"), in: context(training: false))
    expectClose(y, try fixture.tensor("tracked inference/y"), tolerance: tolerance)
  }
}
