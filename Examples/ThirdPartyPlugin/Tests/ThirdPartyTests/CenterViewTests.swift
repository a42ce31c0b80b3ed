import PluginAPI
import Testing

@testable import ThirdParty

@Suite("CenterView")
struct CenterViewTests {
  @Test("The middle is seen, of images and of labels alike")
  func middle() throws {
    let view = CenterView(.init(), in: context())
    let port = Port.image("image", side: 8)
    let image = view(Tensor.zeros([1, 8, 8, 3]), of: port, [:])
    #expect(image.map(\.shape) == [[1, 6, 6, 3]])
    #expect(CenterView.seen(port, .init())["height"] == 6)
    let labels = Port.labelMap("labels", classes: 2, side: 8)
    #expect(view(Tensor.zeros([1, 8, 8]), of: labels, [:]).map(\.shape) == [[1, 6, 6]])
  }
}
