import PluginAPI
import Testing

@testable import ThirdParty

@Suite("SoftLoss")
struct SoftLossTests {
  @Test("Without an opinion each side loses the logarithm of 2 a verdict")
  func undecided() throws {
    let loss = SoftLoss(.init(), in: context())
    let verdict = Tensor.zeros([2, 1, 1, 1])
    let both = loss.discriminatorLoss(real: verdict, fake: verdict).item()
    #expect(abs(both - 2 * 0.693_147) < 1e-5)
    #expect(abs(loss.generatorLoss(fake: verdict).item() - 0.693_147) < 1e-5)
  }

  @Test("A temperature of 2 halves the verdicts")
  func temperature() throws {
    let (cold, warm) = (
      SoftLoss(.init(), in: context()), SoftLoss(.init(temperature: 2), in: context())
    )
    let verdict = Tensor([3, -1], [2, 1, 1, 1])
    #expect(
      warm.generatorLoss(fake: 2 * verdict).item() == cold.generatorLoss(fake: verdict).item())
  }
}
