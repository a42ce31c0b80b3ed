import PluginAPI
import Testing

@testable import ThirdParty

@Suite("SignedMomentum")
struct SignedMomentumTests {
  @Test("Every number moves by the learning rate")
  func steps() throws {
    let optimizer = SignedMomentum(.init(), in: context())
    let start = Tensor([1, -1], [2])
    var state = optimizer.initialState(for: start)
    let moved = optimizer.step(
      start, gradient: Tensor([0.5, -20], [2]), state: &state, learningRate: 0.25, count: 1)
    #expect(moved.scalars() == [0.75, -0.75])
  }
}
