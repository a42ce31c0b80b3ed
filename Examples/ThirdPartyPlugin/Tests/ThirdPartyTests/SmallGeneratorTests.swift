import PluginAPI
import Testing

@testable import ThirdParty

@Suite("SmallGenerator")
struct SmallGeneratorTests {
  @Test("Images have the size that is asked for and are in -1...1")
  func images() throws {
    let generator = try SmallGenerator(.init(), in: context([.latent("z", size: 64)]))
    generator.initialize(seed: 1, prefix: "generator")
    let image = generator(["z": call.normal("z", [2, 64])], in: call)["image"]
    #expect(image.shape == [2, 16, 16, 3])
    #expect(image.scalars().allSatisfy { abs($0) <= 1 })
  }
}
