import Layers
import Tensor
import Testing

@Suite("CallContext and Dropout")
struct CallContextTests {
  private func context(
    training: Bool = true, step: Int = 0, given: [String: Tensor] = [:]
  ) -> CallContext {
    CallContext(
      training: training, updatesBuffers: true, seed: 1, stream: "g", step: step, given: given)
  }

  @Test("The same key draws the same, another name, use or step draws anew")
  func draws() {
    let first = context()
    let z = first.normal("z", [4]).scalars()
    #expect(context().normal("z", [4]).scalars() == z)
    #expect(first.normal("z", [4]).scalars() != z)
    #expect(context().normal("y", [4]).scalars() != z)
    #expect(context(step: 1).normal("z", [4]).scalars() != z)
  }

  @Test("A given draw takes the place of a random one")
  func given() {
    let value = Tensor([1, 2], [2])
    #expect(context(given: ["z": value]).normal("z", [2]).scalars() == [1, 2])
    #expect(context(given: ["z.1": value]).normal("z", [2]).scalars() != [1, 2])
  }

  @Test("Dropout keeps the expectation and numbers its masks")
  func dropout() {
    let call = context(given: ["dropout.1": Tensor([1, 0, 1, 0], [4])])
    let layer = Dropout(0.25)
    let values = layer(.ones([20_000]), in: call).scalars()
    #expect(Set(values) == [0, 1 / 0.75])
    #expect(abs(values.reduce(0, +) / 20_000 - 1) < 0.02)
    #expect(layer(.full(3, [4]), in: call).scalars() == [4, 0, 4, 0])
  }

  @Test("Dropout does nothing in inference")
  func inference() {
    #expect(
      Dropout(0.5)(.ones([8]), in: context(training: false)).scalars()
        == .init(repeating: 1, count: 8))
  }
}
