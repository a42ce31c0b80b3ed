import PluginAPI
import Testing

@testable import ThirdParty

@Suite("SmallDiscriminator")
struct SmallDiscriminatorTests {
  @Test("There is one verdict for every eight pixels")
  func verdicts() throws {
    let discriminator = try SmallDiscriminator(.init(), in: context([.image("image", side: 16)]))
    discriminator.initialize(seed: 1, prefix: "discriminator")
    let outputs = discriminator(["image": Tensor.ones([2, 16, 16, 3])], in: call)
    #expect(outputs["logits"].shape == [2, 2, 2, 1])
    #expect(outputs.list("features").count == 3)
  }
}
