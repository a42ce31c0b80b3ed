import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite struct RunTests {
  @Test("A run leaves samples, statistics, metrics and checkpoints")
  func leavesItsFolder() throws {
    let folder = try TemporaryFolder()
    let run = try Workshop.train(in: folder.path)
    let pictures = try FileManager.default.contentsOfDirectory(atPath: run.samples).sorted()
    #expect(pictures == ["00000000.png", "00000012.png", "00000024.png"])
    let picture = try Image(contentsOf: URL(fileURLWithPath: "\(run.samples)/00000024.png"))
    #expect(picture.width >= 3 * 32)
    let statistics = try JSONLines.read(run.statistics)
    #expect(statistics.map { $0["step"]?.intValue } == [4, 8])
    #expect(statistics[0]["losses"]?["generator/l1"]?.doubleValue ?? 0 > 0)
    #expect(statistics[0]["gradientNorms"]?["discriminator"]?.doubleValue ?? 0 > 0)
    #expect(statistics[0]["accuracies"]?["discriminators.0/real"]?.doubleValue != nil)
    let metrics = try JSONLines.read(run.metrics)
    let names = metrics.compactMap { $0["name"]?.stringValue }
    #expect(names.contains("psnr"))
    #expect(metrics.allSatisfy { $0["samples"]?.intValue == 4 })
  }

  @Test("A loss that is no number stops the run and keeps the last checkpoint")
  func stopsAtNaN() throws {
    let folder = try TemporaryFolder()
    // 12 samples, batches of 3: the broken one comes within the first four steps of each epoch.
    #expect(throws: TrainingError.self) {
      try Workshop.train(in: folder.path, ["dataset.with={broken: 5}"])
    }
  }

  @Test("A batch larger than the split is refused with both numbers")
  func refusesLargeBatches() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: ConfigurationError.self) {
      try Workshop.train(in: folder.path, ["training.batchSize=13"])
    }
    #expect(error?.message.contains("12 samples, fewer than training.batchSize 13") == true)
  }

  @Test("The generator learns: its L1 falls, with any discriminator view")
  func learns() throws {
    let folder = try TemporaryFolder()
    let run = try Workshop.train(
      in: folder.path,
      [
        "training.for={steps: 60}", "reports.every={steps: 20}",
        "discriminators.0.view={use: \"essentials/quadrants\"}", "losses.1.weight=100",
        "optimizers.generator.schedule={use: \"essentials/constant\"}",
      ])
    let losses = try JSONLines.read(run.statistics).compactMap {
      $0["losses"]?["generator/l1"]?.doubleValue
    }
    #expect(losses.count == 3)
    #expect(losses[2] < 0.8 * losses[0])
  }
}
