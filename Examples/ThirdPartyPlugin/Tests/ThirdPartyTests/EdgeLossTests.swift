import PluginAPI
import Testing

@testable import ThirdParty

@Suite("EdgeLoss")
struct EdgeLossTests {
  @Test("A plain shift has no edges, a step has")
  func edges() throws {
    let loss = EdgeLoss(.init(), in: context())
    let (plain, step) = (Tensor.ones([1, 2, 2, 1]), Tensor([0, 0, 1, 1], [1, 2, 2, 1]))
    #expect(loss(["generated": plain, "target": plain * 0], in: call).item() == 0)
    #expect(loss(["generated": step, "target": plain * 0], in: call).item() == 0.5)
  }
}
