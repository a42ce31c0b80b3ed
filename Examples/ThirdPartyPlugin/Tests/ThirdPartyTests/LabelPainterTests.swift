import PluginAPI
import Testing

@testable import ThirdParty

@Suite("LabelPainter")
struct LabelPainterTests {
  @Test("Pixels of one class have one colour")
  func colors() throws {
    let labels = Port.labelMap("labels", classes: 3, side: 2)
    let painter = try LabelPainter(.init(), in: context([labels]))
    painter.initialize(seed: 1, prefix: "painter")
    let image = painter(["labels": Tensor([0, 1, 0, 2], [1, 2, 2])], in: call)["painting"]
    let pixels = image.reshaped([4, 3]).scalars()
    #expect(image.shape == [1, 2, 2, 3])
    #expect(pixels[0..<3] == pixels[6..<9] && pixels[0..<3] != pixels[3..<6])
  }
}
