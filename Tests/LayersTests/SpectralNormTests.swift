import Layers
import Tensor
import TestSupport
import Testing

@Suite("Spectral norm against PyTorch's hook")
struct SpectralNormTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture.load("layers") }

  private func layer(_ name: String) -> SpectralNorm {
    switch name {
    case "conv": SpectralNorm(Conv2d(3, 4, kernel: 3, padding: 1))
    case "grouped": SpectralNorm(Conv2d(4, 6, kernel: 3, padding: 1, groups: 2))
    case "transposed": SpectralNorm(ConvTransposed2d(4, 3, kernel: 4, stride: 2, padding: 1))
    default: SpectralNorm(Linear(5, 4))
    }
  }

  private func loaded(_ name: String) throws -> SpectralNorm {
    let layer = layer(name)
    layer.u.value = try fixture.tensor("spectral.\(name).u")
    layer.v.value = try fixture.tensor("spectral.\(name).v")
    try LayerCase(fixture, "spectral.\(name).call0").load(into: layer)
    return layer
  }

  @Test(
    "Three training calls move u and v, inference uses them",
    arguments: ["conv", "grouped", "transposed", "linear"])
  func trajectory(name: String) throws {
    let layer = try loaded(name)
    for call in ["call0", "call1", "call2"] {
      let test = LayerCase(fixture, "spectral.\(name).\(call)")
      try test.check(layer.namedParameters) { layer($0, in: context(training: true)) }
      expectClose(layer.u.value, try test.tensor("u"), tolerance: 1e-4)
      expectClose(layer.v.value, try test.tensor("v"), tolerance: 1e-4)
    }
    let test = LayerCase(fixture, "spectral.\(name).eval")
    try test.check(layer.namedParameters) { layer($0, in: context(training: false)) }
  }

  @Test("Without updating buffers the iteration is made but not kept")
  func notKept() throws {
    let layer = try loaded("conv")
    let before = layer.u.value.scalars()
    let test = LayerCase(fixture, "spectral.conv.call0")
    for _ in 0..<2 {
      let y = layer(try test.tensor("x"), in: context(training: true, updatesBuffers: false))
      expectClose(y, try test.tensor("y"), tolerance: 1e-4)
    }
    #expect(layer.u.value.scalars() == before)
  }

  @Test("The wrapped weight keeps the paths weight, bias, u and v")
  func paths() {
    let layer = layer("conv")
    #expect(layer.namedParameters.map(\.path) == ["weight", "bias"])
    #expect(layer.namedBuffers.map(\.path) == ["u", "v"])
  }
}
