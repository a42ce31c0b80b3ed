import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("A run survives what may happen to its process", .serialized)
struct KillTests {
  /// Everything a checkpoint holds, as bit patterns.
  private func numbers(_ path: String) throws -> [String: [UInt32]] {
    try Checkpoint.load(path).tensors.mapValues { $0.scalars().map(\.bitPattern) }
  }

  /// What must be so of a run folder at any moment.
  private func check(_ run: String) throws {
    for file in CheckpointFolder("\(run)/checkpoints").files {
      #expect(throws: Never.self) { try Checkpoint.load(file.path) }
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(run)/samples")
    where !name.hasPrefix(".") {
      #expect(throws: Never.self) { try Image(contentsOf: URL(filePath: "\(run)/samples/\(name)")) }
    }
  }

  @Test("Killed at random moments and resumed, a run ends with the same bits")
  func kill9() throws {
    let workbench = try Workbench.small()
    let whole = try workbench("train", "small.json")
    #expect(whole.status == 0, "\(whole.output)")
    let expected = try numbers("\(workbench.path)/runs/small-1/checkpoints/step-40.safetensors")

    let run = "\(workbench.path)/runs/small-2"
    let checkpoints = CheckpointFolder("\(run)/checkpoints")
    var random = SystemRandomNumberGenerator()
    var arguments = ["train", "small.json"]
    var kills = 0
    while kills < 6 {
      let process = try workbench.start(arguments)
      let before = checkpoints.files.last?.step ?? 0
      try workbench.wait("a checkpoint") {
        !process.isRunning || (checkpoints.files.last?.step ?? 0) > before
      }
      // Short against the whole run, so that a fast machine is not done before the first kill.
      usleep(UInt32.random(in: 0..<20_000, using: &random))
      if !process.isRunning { break }
      Glibc.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      kills += 1
      try check(run)
      arguments = ["train", "--resume", "runs/small-2"]
    }
    #expect(kills >= 1)
    let last = try workbench("train", "--resume", "runs/small-2")
    #expect(last.status == 0, "\(last.output)")

    let found = try numbers("\(run)/checkpoints/step-40.safetensors")
    #expect(Set(found.keys) == Set(expected.keys))
    for (name, values) in expected { #expect(found[name] == values, "\(name)") }
    #expect(
      try JSONLines.read("\(run)/statistics.jsonl").map { $0["step"]?.intValue }
        == Array(stride(from: 5, through: 40, by: 5)))
    let text = try String(contentsOfFile: "\(run)/statistics.jsonl", encoding: .utf8)
    #expect(text.hasSuffix("\n"))
    #expect(try JSONLines.read("\(run)/metrics.jsonl").count == 1)
    let leftovers = ["", "checkpoints", "samples"].flatMap {
      (try? FileManager.default.contentsOfDirectory(atPath: "\(run)/\($0)")) ?? []
    }.filter { $0.hasPrefix(".") }
    #expect(leftovers == [])
  }

  @Test("Ctrl-C ends with status 130 after a checkpoint of the last step, and says how to go on")
  func interrupt() throws {
    let workbench = try Workbench.small()
    let process = try workbench.start([
      "train", "small.json", "--set", "training.for={epochs: 900}",
    ])
    try workbench.wait("the first report") { workbench.log().contains("\nstep 5 ") }
    Glibc.kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    let step = try #require(
      CheckpointFolder("\(workbench.path)/runs/small-1/checkpoints").files.last?.step)
    let message = "Stopped after step \(step); go on with --resume runs/small-1"
    #expect(workbench.log().contains(message), "\(workbench.log())")
  }

  @Test("A second Ctrl-C ends at once")
  func secondInterrupt() throws {
    let workbench = try Workbench.small()
    // A step of one large batch takes long enough for both signals.
    let process = try workbench.start([
      "train", "small.json", "--set", "generator.with.width=64", "--set",
      "training.for={epochs: 9}",
      "--set", "training.batchSize=6",
    ])
    try workbench.wait("the start") { workbench.log().contains("Training in") }
    try workbench.wait("the first samples") {
      FileManager.default.fileExists(
        atPath: "\(workbench.path)/runs/small-1/samples/00000000.png")
    }
    Glibc.kill(process.processIdentifier, SIGINT)
    usleep(50_000)
    Glibc.kill(process.processIdentifier, SIGINT)
    let begin = Date()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(Date().timeIntervalSince(begin) < 2)
  }

  @Test("What is printed is in a log file at once")
  func logFile() throws {
    let workbench = try Workbench.small()
    let process = try workbench.start([
      "train", "small.json", "--set", "training.for={epochs: 900}",
    ])
    defer {
      Glibc.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    try workbench.wait("the table") { workbench.log().contains("Training in runs/small-1\n") }
    #expect(process.isRunning)
    #expect(workbench.log().contains("semantic-cgan/unet"))
    #expect(CheckpointFolder("\(workbench.path)/runs/small-1/checkpoints").files.isEmpty)
  }
}
