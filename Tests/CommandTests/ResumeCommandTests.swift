import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("Going on with a run", .serialized)
struct ResumeCommandTests {
  @Test("A finished run says so and is left as it is; it may be given more to do")
  func finished() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let run = "\(workbench.path)/runs/small-1"
    let before = try bytes(of: "\(run)/statistics.jsonl")
    let again = try workbench("train", "--resume", "runs/small-1")
    #expect(again.status == 0)
    #expect(again.output.contains("runs/small-1 had finished before; there is nothing to do"))
    #expect(try bytes(of: "\(run)/statistics.jsonl") == before)

    let more = ["train", "--resume", "runs/small-1", "--set", "training.for={steps: 3}"]
    #expect(try workbench.run(more).status == 0)
    #expect(CheckpointFolder("\(run)/checkpoints").files.last?.step == 3)
    // The folder remembers its new length.
    let text = try String(contentsOfFile: "\(run)/experiment.json", encoding: .utf8)
    #expect(text.contains("\"steps\": 3"))
    #expect(try workbench("train", "--resume", "runs/small-1").output.contains("nothing to do"))
  }

  @Test("A changed plugin is told, and refused where --strict says so")
  func changedPlugin() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let path = "\(workbench.path)/runs/small-1/experiment.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let hash = try PluginFile(at: "\(products)/libEssentials.so").hash
    #expect(text.contains(hash))
    try Data(text.replacing(hash, with: String(hash.reversed())).utf8)
      .write(to: URL(filePath: path))
    let told = try workbench.message(["train", "--resume", "runs/small-1"])
    #expect(told.status == 0)
    try expectSnapshot("plugin-changed", told.output)
    let refused = try workbench.message(["train", "--resume", "runs/small-1", "--strict"])
    #expect(refused.status == 1)
    try expectSnapshot("plugin-changed-strict", refused.output)
  }

  @Test("Only the plugins of an experiment are remembered")
  func rememberedPlugins() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let text = try String(
      contentsOfFile: "\(workbench.path)/runs/small-1/experiment.json", encoding: .utf8)
    let plugins = try JSONValue(parsing: text)["run"]?["plugins"]?.keys
    #expect(plugins == ["essentials", "facades", "semantic-cgan"])
  }

  @Test("A folder in which another process works is refused")
  func inUse() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let folder = try RunFolder(opening: "\(workbench.path)/runs/small-1")
    let result = try withExtendedLifetime(try folder.lock()) {
      try workbench.message(["train", "--resume", "runs/small-1"])
    }
    #expect(result.status == 1)
    try expectSnapshot("run-in-use", result.output)
  }

  @Test("A full disk is told; the last checkpoint stays, and the run goes on once there is space")
  func fullDisk() throws {
    let workbench = try Workbench.small()
    let disk = workbench.folder.file("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    guard mount("tmpfs", disk, "tmpfs", 0, "size=900k") == 0 else {
      print("Skipped: mounting a small file system is not allowed here.")
      return
    }
    defer { umount(disk) }
    let whole = try workbench("train", "small.json", "--set", "training.for={steps: 12}")
    #expect(whole.status == 0)
    // Room for about three checkpoints of 230 kB.
    let arguments = [
      "train", "small.json", "--set", "training.for={steps: 12}", "--set", "output=disk",
      "--set", "training.checkpoints.keep=9",
    ]
    let full = try workbench.message(arguments)
    #expect(full.status == 1)
    #expect(full.output.contains("the disk is full"), "\(full.output)")
    #expect(full.output.contains("free some space and resume"))
    let checkpoints = CheckpointFolder("\(disk)/small-1/checkpoints")
    let last = try #require(checkpoints.files.last)
    #expect(throws: Never.self) { try Checkpoint.load(last.path) }
    let hidden = try FileManager.default.contentsOfDirectory(atPath: checkpoints.path)
      .filter { $0.hasPrefix(".") }
    #expect(hidden == [])

    for file in checkpoints.files.dropLast() { unlink(file.path) }
    let resumed = try workbench(
      "train", "--resume", "disk/small-1", "--set", "training.checkpoints.keep=1")
    #expect(resumed.status == 0, "\(resumed.output)")
    let expected = try Checkpoint.load(
      "\(workbench.path)/runs/small-1/checkpoints/step-12.safetensors")
    let found = try Checkpoint.load("\(checkpoints.path)/step-12.safetensors")
    #expect(found.tensors.mapValues { $0.scalars() } == expected.tensors.mapValues { $0.scalars() })
    #expect(
      try JSONLines.read("\(disk)/small-1/statistics.jsonl").map { $0["step"]?.intValue } == [
        5, 10, 12,
      ])
  }

  @Test("A run of two stages goes on in the stage it was in, with the same bits")
  func stages() throws {
    let workbench = try Workbench.small()
    let stage = """
      "stages": [{
        "name": "warm-up", "losses": [{ "use": "essentials/l1" }],
        "optimizers": { "generator": { "use": "essentials/adam" } },
        "procedure": { "phases": [
          { "updates": "generator", "optimizer": "generator", "losses": "generator" } ] },
        "training": { "batchSize": 2, "for": { "steps": 4 }, "checkpoints": { "every": { "steps": 1 } } },
      }],
      "procedure":
      """
    try workbench.folder.file(
      "stages.json", Facades.experiment.replacing("\"procedure\":", with: stage))
    let arguments = [
      "train", "stages.json", "--set", "training.for={steps: 4}", "--set",
      "training.checkpoints={every: {steps: 1}, keep: 20}", "--set", "reports.every={steps: 1}",
    ]
    let whole = try workbench.run(arguments)
    #expect(whole.status == 0, "\(whole.output)")
    let first = CheckpointFolder("\(workbench.path)/runs/small-1/checkpoints")
    #expect(first.files.map(\.step) == Array(1...8))
    let expected = try first.load().tensors.mapValues { $0.scalars() }
    // As if killed in the first stage, at its end, and in the second.
    for step in [2, 4, 6] {
      let copy = "runs/copy-\(step)"
      try FileManager.default.copyItem(
        atPath: "\(workbench.path)/runs/small-1", toPath: "\(workbench.path)/\(copy)")
      let checkpoints = CheckpointFolder("\(workbench.path)/\(copy)/checkpoints")
      for file in checkpoints.files where file.step > step {
        try FileManager.default.removeItem(atPath: file.path)
      }
      let result = try workbench("train", "--resume", copy)
      #expect(result.status == 0, "\(result.output)")
      #expect(checkpoints.files.map(\.step) == Array(1...8))
      #expect(try checkpoints.load().tensors.mapValues { $0.scalars() } == expected, "\(step)")
      let lines = try JSONLines.read("\(workbench.path)/\(copy)/statistics.jsonl")
      #expect(lines.map { $0["step"]?.intValue } == [1, 2, 3, 4, 1, 2, 3, 4])
    }
  }
}
