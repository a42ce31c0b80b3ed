import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite struct ResumeTests {
  /// Everything a checkpoint holds, as bit patterns.
  private func numbers(_ run: RunFolder, step: Int) throws -> [String: [UInt32]] {
    try CheckpointFolder(run.checkpoints).load(step: step).tensors.mapValues {
      $0.scalars().map(\.bitPattern)
    }
  }

  @Test("N + M steps give the same bits as N, a stop, and M")
  func resumesBitExactly() throws {
    let folder = try TemporaryFolder()
    let whole = try Workshop.train(in: folder.path)
    let parts = try Workshop.train(in: folder.path, ["training.for={steps: 4}"])
    _ = try Workshop.train(in: folder.path, resuming: parts.path)
    let expected = try numbers(whole, step: 8)
    let found = try numbers(parts, step: 8)
    #expect(Set(found.keys) == Set(expected.keys))
    for (name, values) in expected { #expect(found[name] == values, "\(name)") }
    #expect(expected.keys.contains { $0.hasPrefix("average/") })
    #expect(expected.keys.contains { $0.hasPrefix("optimizer.generator/") })
    #expect(expected.keys.contains { $0.hasSuffix("runningVariance") })
  }

  @Test("A run of several stages goes on between and within them")
  func resumesStages() throws {
    let folder = try TemporaryFolder()
    let stage = """
      stages=[{ name: "warm-up", losses: [{ use: "essentials/l1" }],
        optimizers: { generator: { use: "essentials/adam" } },
        procedure: { phases: [
          { updates: "generator", optimizer: "generator", losses: "generator" }] },
        training: { batchSize: 4, for: { steps: 3 } } }]
      """
    let whole = try Workshop.train(in: folder.path, [stage])
    let parts = try Workshop.train(in: folder.path, [stage, "training.for={steps: 0}"])
    #expect(try CheckpointFolder(parts.checkpoints).load().record.step == 3)
    _ = try Workshop.train(
      in: folder.path, [stage, "training.for={steps: 5}"], resuming: parts.path)
    _ = try Workshop.train(in: folder.path, [stage], resuming: parts.path)
    #expect(try numbers(whole, step: 11) == numbers(parts, step: 11))
  }

  @Test("Reports and samples in between change nothing")
  func reportsChangeNothing() throws {
    let folder = try TemporaryFolder()
    let few = try Workshop.train(in: folder.path, ["reports.every={steps: 8}"])
    let many = try Workshop.train(in: folder.path, ["reports.every={steps: 1}"])
    #expect(try numbers(few, step: 8) == numbers(many, step: 8))
  }

  @Test("Another seed gives other weights, the same seed the same")
  func seedDecides() throws {
    let folder = try TemporaryFolder()
    let first = try numbers(Workshop.train(in: folder.path), step: 8)
    let same = try numbers(Workshop.train(in: folder.path), step: 8)
    let other = try numbers(Workshop.train(in: folder.path, ["seed=8"]), step: 8)
    #expect(first == same)
    #expect(first != other)
  }

  @Test("The discriminator's place in the file leaves the generator's first weights alone")
  func initialWeightsBelongToPaths() throws {
    let folder = try TemporaryFolder()
    let wide = try Workshop.train(
      in: folder.path,
      [
        "training.for={steps: 1}", "discriminators.0.with.width=6",
        "optimizers.generator.with.learningRate=0",
      ])
    let narrow = try Workshop.train(
      in: folder.path, ["training.for={steps: 1}", "optimizers.generator.with.learningRate=0"])
    let a = try CheckpointFolder(wide.checkpoints).load()["networks"]
    let b = try CheckpointFolder(narrow.checkpoints).load()["networks"]
    for (name, tensor) in a where name.hasPrefix("generator.") && name.hasSuffix("weight") {
      #expect(tensor.scalars() == b[name]?.scalars(), "\(name)")
    }
  }
}
