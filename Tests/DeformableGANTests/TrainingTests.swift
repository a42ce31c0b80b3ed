import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("Training on pairs of poses")
struct TrainingTests {
  private static let plugins = ["Essentials", "Aviary", "DeformableGAN"]

  /// Trains an example for a step, and expects the losses to be numbers.
  private func train(
    _ example: String, with plugins: [String], _ overrides: [String], losses: [String]
  ) throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Examples/\(example).json").standardized.path
    let short = ["training.for={steps: 1}", "training.batchSize=2"]
    let file = try ExperimentFile(
      path,
      overrides: short + overrides + ["reports.samples=2", "reports.metricSamples=2"])
    #expect(file.faults.isEmpty)
    let root = try #require(file.root)
    let catalog = Catalog(try plugins.map { try PluginUnderTest($0).description })
    let resolution = try Resolution(root, with: catalog)
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: "poses", in: folder.path)
    _ = try TrainingLoop(resolution, in: run, hash: "test").train(resuming: false)
    let reports = try JSONLines.read(run.statistics).compactMap { $0["losses"] }
    for name in losses {
      let found = reports.compactMap { $0[name]?.doubleValue }
      #expect(!found.isEmpty && found.allSatisfy(\.isFinite), "\(name)")
    }
    let samples = try FileManager.default.contentsOfDirectory(atPath: run.samples)
    #expect(samples.contains { $0.hasSuffix(".png") })
  }

  @Test(
    "Pairs of birds train for a step, and what has no picture is left out of the samples",
    arguments: ["parts", "full", "stn", "none"])
  func aviary(warp: String) throws {
    try train(
      "aviary-poses", with: Self.plugins,
      [
        "generator.with={width: 2, warp: \"\(warp)\"}", "discriminators.0.with.width=2",
        "losses.+={use: \"essentials/total-variation\", weight: 1e-6}",
      ],
      losses: [
        "discriminator/log-loss", "generator/log-loss", "generator/l1", "generator/total-variation",
      ])
  }

  @Test("A stage teaches a network to read poses, which then guides")
  func semantic() throws {
    try train(
      "aviary-poses-semantic", with: Self.plugins + ["SemanticCGAN", "Perceptors"],
      [
        "generator.with.width=2", "discriminators.0.with.backbone.with.width=2",
        "perceptors.poses.with={width: 4}", "stages.0.training={batchSize: 2, for: {steps: 1}}",
        "losses.+={use: \"deformable-gan/structure\", with: {network: \"perceptors.poses\"}}",
      ],
      losses: [
        "poses/pose-error", "discriminator/class-weighted", "generator/semantic-perceptual",
        "generator/structure",
      ])
  }
}
