import PluginAPI
import TestSupport

/// The losses of the papers' steps, by the plugins' own components.
///
/// Without the perceptual loss, here and in PyTorch: that would measure a third network, the same for all.
struct PaperLosses {
  private let adversarial: any AdversarialLoss
  private let matching: any Loss
  private static let matchingWeight: Float = 10

  /// - Parameters:
  ///   - adversarial: the adversarial loss's name.
  ///   - settings: what an experiment would say of it.
  /// - Throws: what keeps a loss from being built.
  init(_ adversarial: String, _ settings: Setting = .object([:])) throws {
    let plugin = try PluginUnderTest("Essentials")
    self.adversarial = try plugin.build(
      adversarial, settings, as: (any AdversarialLoss).self)
    matching = try plugin.build("feature-matching", as: (any Loss).self)
  }

  /// G's loss by what D says of generated and real images, with the terms before their weights.
  func generator(
    fake: Values, real: Values, in context: CallContext
  ) -> (total: Tensor, terms: [String: Float]) {
    let gan = adversarial.generatorLoss(Judgements([.fake: Judgement(fake)]))
    let features = fake.port("features").renaming("features", to: "fake")
      .merging(real.port("features").renaming("features", to: "real"))
    let distance = matching(features, in: context)
    return (
      gan + Self.matchingWeight * distance,
      ["adversarial": gan.item(), "matching": distance.item()]
    )
  }

  /// D's loss.
  func discriminator(fake: Values, real: Values) -> Tensor {
    adversarial.discriminatorLoss(
      Judgements([.fake: Judgement(fake), .real: Judgement(real)]))
  }
}
