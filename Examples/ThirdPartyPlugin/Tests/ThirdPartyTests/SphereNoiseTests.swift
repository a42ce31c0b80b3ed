import PluginAPI
import Testing

@testable import ThirdParty

@Suite("SphereNoise")
struct SphereNoiseTests {
  @Test("Every z has the length of the root of its size")
  func length() throws {
    let noise = try SphereNoise(.init(), in: context(provided: [.latent("z", size: 9)]))
    let z = noise(4, [:], in: call)["z"]
    #expect(z.shape == [4, 9])
    for square in z.square().mean(axes: [1]).scalars() { #expect(abs(square - 1) < 1e-4) }
  }
}
