import PluginAPI
import Testing

@Suite("Noise")
struct LatentTests {
  @Test("A vector or a map, of the size that the consumer asked for")
  func shapes() throws {
    #expect(try draw(.latent("z", size: 7)).shape == [3, 7])
    #expect(try draw(.latentMap("z", height: 4, width: 2, channels: 8)).shape == [3, 4, 2, 8])
    #expect(try draw(.latent("z"), ["size": 5]).shape == [3, 5])
  }

  @Test("The draw is called z and has mean 0 and variance 1")
  func moments() throws {
    let given = Tensor.ones([3, 7])
    #expect(try draw(.latent("z", size: 7), given: given).scalars() == given.scalars())
    let numbers = try draw(.latent("z", size: 10_000))
    #expect(abs(numbers.mean().item()) < 0.03)
    #expect(abs(numbers.square().mean().item() - 1) < 0.05)
  }

  @Test("Without any size the message says what to do")
  func unknownSize() throws {
    let error = try #require(throws: ConfigurationError.self) { _ = try draw(.latent("z")) }
    #expect(error.message.contains("\"size\""))
  }

  /// Three samples of noise through a port that was bound to these sizes.
  private func draw(
    _ bound: Port, _ settings: Setting = [:], given: Tensor? = nil
  ) throws -> Tensor {
    let context = BuildContext(
      ports: PortContext(bound: [:], image: nil, slots: { _, _, _ in [] }),
      provided: ["z": bound],
      parts: { throw ConfigurationError("there is no \($0.use)") })
    let latent = try #require(
      try Essentials.component("normal").build(settings, in: context) as? any Latent)
    let call = CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "test", step: 0,
      given: given.map { ["z": $0] } ?? [:])
    return latent(3, [:], in: call)["z"]
  }
}
