import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("Training on pairs of poses")
struct TrainingTests {
  @Test("Pairs of birds train for a step, and what has no picture is left out of the samples")
  func aviary() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Examples/aviary-poses.json").standardized
    var root = try JSONValue(parsing: String(contentsOf: file, encoding: .utf8), named: file.path)
    try JSONOverride.apply(
      [
        "generator.with.width=2", "discriminators.0.with.width=2", "training.for={steps: 1}",
        "training.batchSize=2", "reports.samples=2", "reports.metricSamples=2",
      ], to: &root)
    let names = ["Essentials", "Aviary", "DeformableGAN"]
    let catalog = Catalog(try names.map { try PluginUnderTest($0).description })
    let read = try ExperimentReader(procedures: catalog.parsedProcedures()).read(root)
    let resolution = try Resolution(read, with: catalog, root: root)
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: "poses", in: folder.path)
    _ = try TrainingLoop(resolution, in: run, hash: "test").train(resuming: false)
    let losses = try #require(try JSONLines.read(run.statistics).first?["losses"])
    for name in ["discriminator/log-loss", "generator/log-loss", "generator/l1"] {
      #expect(losses[name]?.doubleValue?.isFinite == true, "\(name)")
    }
    #expect(FileManager.default.fileExists(atPath: "\(run.samples)/00000004.png"))
  }
}
