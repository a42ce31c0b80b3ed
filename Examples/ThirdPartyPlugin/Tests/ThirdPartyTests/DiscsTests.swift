import PluginAPI
import Testing

@testable import ThirdParty

@Suite("Discs")
struct DiscsTests {
  @Test("A sample depends on its number alone")
  func samples() throws {
    let discs = Discs(.init(), in: context())
    var (first, second) = (RandomStream(seed: 1, stream: "a"), RandomStream(seed: 2, stream: "b"))
    let sample = discs.sample(3, of: .train, using: &first)
    #expect(sample == discs.sample(3, of: .train, using: &second))
    #expect(sample["image"]?.shape == [32, 32, 3])
    #expect(sample["labels"].map { Set($0.values) } == [0, 1])
  }
}
