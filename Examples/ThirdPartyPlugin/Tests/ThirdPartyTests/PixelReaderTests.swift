import PluginAPI
import Testing

@testable import ThirdParty

@Suite("PixelReader")
struct PixelReaderTests {
  @Test("There is a score for every class at every pixel")
  func scores() throws {
    let reader = try PixelReader(.init(), in: context([.image("image", side: 8)]))
    reader.initialize(seed: 1, prefix: "reader")
    let scores = reader(["image": Tensor.ones([2, 8, 8, 3])], in: call)["segmentation"]
    #expect(scores.shape == [2, 8, 8, 12])
  }
}
