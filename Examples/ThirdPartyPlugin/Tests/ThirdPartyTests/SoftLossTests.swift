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
}
