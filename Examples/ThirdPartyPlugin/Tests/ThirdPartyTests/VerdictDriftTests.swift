import PluginAPI
import Testing

@testable import ThirdParty

@Suite("VerdictDrift")
struct VerdictDriftTests {
  @Test("The penalty is the mean square of the verdicts")
  func square() throws {
    let drift = VerdictDrift(.init(), in: context())
    let image = Tensor([1, 2, 3, 4], [2, 1, 1, 2])
    let critic = Critic(real: image, fake: image, condition: [:]) { image, _ in
      Judgement(["logits": image.sum(axes: [1, 2, 3])])
    }
    #expect(drift(critic, [:], in: call).item() == (9 + 49) / 2)
  }
}
