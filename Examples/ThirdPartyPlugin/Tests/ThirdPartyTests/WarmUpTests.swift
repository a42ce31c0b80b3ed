import PluginAPI
import Testing

@testable import ThirdParty

@Suite("WarmUp")
struct WarmUpTests {
  @Test("The factor rises to 1 and stays there")
  func factors() throws {
    let schedule = WarmUp(.init(), in: context())
    let factors = [0, 499, 999, 5000].map {
      schedule.factor(at: TrainingProgress(step: $0, images: 0, epoch: 0))
    }
    #expect(factors == [0.001, 0.5, 1, 1])
  }
}
