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

  @Test("The verdict depends on the labels, and so do the gradients of the image")
  func labels() throws {
    let ports: [Port] = [.image("image", side: 16), .labelMap("labels", classes: 2, side: 16)]
    let discriminator = try SmallDiscriminator(.init(width: 8), in: context(ports))
    discriminator.initialize(seed: 1, prefix: "discriminator")
    let training = CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "test", step: 0)
    let image = Tensor.ones([1, 16, 16, 3]).variable()
    let slopes = [Float(0), 1].map { label in
      let verdict = discriminator(
        ["image": image, "labels": Tensor.full(label, [1, 16, 16])], in: training)["logits"]
      return gradients(of: verdict.sum(), at: [image])[0]?.scalars() ?? []
    }
    #expect(slopes[0].count == 16 * 16 * 3)
    #expect(slopes[0] != slopes[1])
  }
}
