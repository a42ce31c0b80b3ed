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

  @Test("A loss that is no number stops the run and keeps the last checkpoint, if there is one")
  func stopsAtNaN() throws {
    // 12 samples, batches of 3: some are in the first step of an epoch, most in a later one.
    var hadCheckpoint: Set<Bool> = []
    for broken in 0..<12 where hadCheckpoint.count < 2 {
      let folder = try TemporaryFolder()
      let error = #expect(throws: TrainingError.self) {
        try Workshop.train(
          in: folder.path,
          ["dataset.with={broken: \(broken)}", "training.checkpoints.every={steps: 1}"])
      }
      let text = error?.description ?? ""
      #expect(text.contains("phase of step"))
      #expect(text.contains("the first such number came from ["))
      #expect(text.contains("of a result of shape [3, ") && text.contains("inputs ["))
      let checkpoints = CheckpointFolder("\(folder.path)/shapes-1/checkpoints")
      hadCheckpoint.insert(!checkpoints.files.isEmpty)
      if let newest = checkpoints.files.last {
        #expect(text.contains("\(newest.path), is untouched"))
        try expectFinite(checkpoints)
      } else {
        #expect(text.contains("there is no checkpoint yet"))
      }
    }
    #expect(hadCheckpoint == [true, false])
  }

  @Test("An optimizer's state that is no number stops the run before it is saved")
  func stopsAtInfiniteState() throws {
    let folder = try TemporaryFolder()
    // Gradients whose squares no float holds; losses and weights stay finite.
    let error = #expect(throws: TrainingError.self) {
      try Workshop.train(
        in: folder.path,
        [
          "losses.1.weight={from: 1, to: 1e25, over: {steps: 4}}",
          "training.checkpoints.every={steps: 1}",
        ])
    }
    let text = error?.description ?? ""
    #expect(text.contains("optimizer.generator/") && text.contains("#v is not finite"))
    #expect(text.contains(".safetensors, is untouched"))
    try expectFinite(CheckpointFolder("\(folder.path)/shapes-1/checkpoints"))
  }

  private func expectFinite(_ checkpoints: CheckpointFolder) throws {
    for (name, tensor) in try checkpoints.load().tensors {
      #expect(!tensor.scalars().contains { !$0.isFinite }, "\(name)")
    }
  }

  @Test("The orders of neighbouring epochs have nothing in common")
  func epochsDiffer() throws {
    let loader = try BatchLoader(Ordered(count: 400), split: .train, batchSize: 400, seed: 1)
    let orders = try (0..<3).map { try loader.batch($0)["index"].scalars() }
    for (first, second) in zip(orders, orders.dropFirst()) {
      #expect(first.sorted() == second.sorted())
      // Of two random orders about 400 · 6 / 400 places agree to within 1 with a shift of 0 or 1.
      let shifted = zip(first.dropFirst(), second).count { abs($0 - $1) <= 1 }
      let same = zip(first, second).count { abs($0 - $1) <= 1 }
      #expect(max(shifted, same) < 20)
    }
  }

  @Test("A batch that was made ahead and skipped is let go")
  func skippedBatches() throws {
    let loader = try BatchLoader(Ordered(count: 40), split: .train, batchSize: 4, seed: 1)
    for number in stride(from: 0, to: 60, by: 3) {
      loader.discard(below: number)
      _ = try loader.batch(number)
    }
    let waiting = loader.waiting
    #expect(waiting <= 4)
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
