import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("What is done with a trained run", .serialized)
struct EvaluateCommandTests {
  @Test("evaluate measures metrics, speed and size, and notes each time in the run folder")
  func evaluate() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let call = [
      "evaluate", "runs/small-1", "--metrics", "essentials/l1-error", "--speed", "2",
    ]
    let first = try workbench.run(call)
    #expect(first.status == 0, "\(first.output)")
    #expect(first.output.contains("l1 ") && first.output.contains("(4 samples)"))
    let second = try workbench.run(call + ["--samples", "2", "--json"])
    #expect(second.status == 0, "\(second.output)")
    let text = try String(
      contentsOfFile: workbench.folder.file("runs/small-1/evaluation.json"), encoding: .utf8)
    let all = try #require(try JSONValue(parsing: text).arrayValue)
    #expect(all.count == 2)
    #expect(try JSONValue(parsing: second.output).text() == all[1].text())
    #expect(all.map { $0["step"]?.intValue } == [2, 2])
    let figure = all[0]["figures"]?.arrayValue?.first
    #expect(figure?["name"]?.stringValue == "l1" && figure?["samples"]?.intValue == 4)
    #expect(all[1]["figures"]?.arrayValue?.first?["samples"]?.intValue == 2)
    // What the generator has, and nothing of the discriminator.
    let saved = try CheckpointFolder(workbench.folder.file("runs/small-1/checkpoints"))
      .load()["average"]
    let count = saved.filter { $0.key.hasPrefix("generator.") }.reduce(0) { $0 + $1.value.count }
    #expect(all[0]["parameters"]?.intValue == count)
    #expect(all[0]["imagesPerSecond"]?.doubleValue ?? 0 > 0)
    let row = try workbench.run(call + ["--table", "L1, FID,#M"])
    #expect(row.output.hasPrefix("model  L1"), "\(row.output)")
    #expect(row.output.contains("| model | L1 | FID | #M |\n| --- | --- | --- | --- |\n| small |"))
  }

  @Test("A metric that is not there, or lacks what it needs, is told with the command line's words")
  func wrongMetric() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    for (name, metric) in [
      ("evaluate-unknown", "essentials/l1-eror"), ("evaluate-no-network", "perceptors/diversity"),
    ] {
      let result = try workbench.message(["evaluate", "runs/small-1", "--metrics", metric])
      #expect(result.status == 1)
      try expectSnapshot(name, result.output)
    }
    #expect(
      !FileManager.default.fileExists(atPath: workbench.folder.file("runs/small-1/evaluation.json"))
    )
  }

  @Test("Diversity is measured through a network that is added")
  func addedNetwork() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let result = try workbench.run([
      "evaluate", "runs/small-1", "--metrics", "perceptors/diversity", "--set",
      #"perceptors={ similarity: { use: "perceptors/segmenter" } }"#,
    ])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("lpips-diversity"), "\(result.output)")
    #expect(
      FileManager.default.fileExists(atPath: workbench.folder.file("runs/small-1/evaluation.json")))
  }

  @Test("What samples consist of comes as files that tools can take")
  func files() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let result = try workbench.run([
      "sample", "runs/small-1", "--count", "2", "--files", "made/here",
    ])
    #expect(result.status == 0, "\(result.output)")
    let folder = workbench.folder.file("made/here")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(
      Set(names).isSuperset(of: ["0-image.png", "0-labels.png", "1-image.png", "1-labels.png"]))
    #expect(names.allSatisfy { ["0", "1"].contains($0.prefix(1)) })
    let image = try Image(contentsOf: URL(fileURLWithPath: "\(folder)/1-image.png"))
    let labels = try LabelImage(contentsOf: URL(fileURLWithPath: "\(folder)/1-labels.png"))
    #expect(image.width == labels.width && image.height == labels.height)
    #expect(labels.labels.allSatisfy { $0 < 12 } && Set(labels.labels).count > 1)
  }

  @Test("A tool needs no data, and says what a model lacks for it")
  func tool() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    try FileManager.default.removeItem(atPath: workbench.folder.file("data"))
    let result = try workbench.message([
      "tool", "essentials/redraw-classes", "runs/small-1", "--with", "labels=map.png",
    ])
    #expect(result.status == 1)
    #expect(
      result.output.hasPrefix(
        "semantic-cgan/unet has no code for each class: its latents are none. A generator is needed"
      ), "\(result.output)")
    #expect(!FileManager.default.fileExists(atPath: workbench.folder.file("tool.png")))
  }
}
