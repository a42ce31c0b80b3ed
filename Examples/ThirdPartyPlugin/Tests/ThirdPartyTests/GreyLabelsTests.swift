import PluginAPI
import Testing

@testable import ThirdParty

@Suite("GreyLabels")
struct GreyLabelsTests {
  @Test("The first class is black and the last one white")
  func greys() throws {
    let labels = Port.labelMap("labels", classes: 3, side: 2)
    let wanted = Port.image("condition", channels: nil, role: .source)
    let result = try #require(GreyLabels.adapted(labels, for: wanted))
    let values: Values = ["labels": Tensor([0, 1, 2, 2], [1, 2, 2])]
    let image = GreyLabels(.init(), in: context())(values, from: labels, to: result)["condition"]
    #expect(image.shape == [1, 2, 2, 3])
    #expect(image.scalars().prefix(6) == [-1, -1, -1, 0, 0, 0])
  }
}
