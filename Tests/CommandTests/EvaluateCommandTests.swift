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

  @Test("Diversity is measured through a network that is added; that it has no weights is said")
  func addedNetwork() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let result = try workbench.run([
      "evaluate", "runs/small-1", "--metrics", "perceptors/diversity", "--set",
      #"perceptors={ similarity: { use: "perceptors/segmenter" } }"#, "--pretrain", "0",
    ])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("lpips-diversity"), "\(result.output)")
    #expect(
      result.output.contains(
        "warning: no weights are given for perceptors.similarity (perceptors/segmenter)")
        && result.output.contains("--set perceptors.similarity.weights=FILE")
        && result.output.contains("(as drawn: none were given)"), "\(result.output)")
    #expect(try workbench.figures(of: "small-1").map(\.isTrained) == [false])
  }

  @Test("A table brings its metrics and perceptors; its judge is trained once for all runs")
  func table() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let call = [
      "evaluate", "runs/small-1", "--table", "semantic-cgan", "--pretrain", "48", "--speed", "2",
      "--set", "perceptors.judge.with.width=4",
    ]
    let first = try workbench.run(call)
    #expect(first.status == 0, "\(first.output)")
    #expect(
      first.output.contains(
        "perceptors.judge (perceptors/segmenter) has no weights: it is trained on real samples of "
          + "facades/cmp, in runs/judge-"), "\(first.output)")
    #expect(
      first.output.contains("model  FID") && first.output.contains("| mIoU | Acc | FPS | #M |"))
    #expect(
      first.output.contains("\nFID through perceptors.features, perceptors/squeezenet, weights "))
    #expect(
      first.output.contains("\nmIoU, Acc through perceptors.judge, perceptors/segmenter, weights "))
    #expect(first.output.contains("--set perceptors.features.weights=FILE"))
    // All of the facades' classes, of which the pictures here hold two.
    let judge = try #require(try workbench.judges().first)
    let text = try String(
      contentsOfFile: workbench.folder.file("runs/\(judge)/experiment.json"), encoding: .utf8)
    #expect(
      try JSONValue(parsing: text)["perceptors"]?["judge"]?["with"]?["classes"]?.intValue == 12)

    // Another run, of another seed, takes the same one.
    let again = try workbench(
      "train", "small.json", "--set", "training.for={steps: 1}", "--set", "seed=8", "--set",
      "reports.metrics=[]")
    try #require(again.status == 0, "\(again.output)")
    let second = try workbench.run(call.map { $0 == "runs/small-1" ? "runs/small-2" : $0 })
    #expect(second.status == 0, "\(second.output)")
    #expect(
      second.output.contains("those that were trained on the same data are taken, runs/\(judge)"),
      "\(second.output)")
    #expect(try workbench.judges() == [judge])
    let (one, two) = try (workbench.figures(of: "small-1"), workbench.figures(of: "small-2"))
    #expect(
      one.map(\.name) == [
        "fid(perceptors.features)", "mean-iou", "mean-iou-real", "pixel-accuracy",
        "pixel-accuracy-real",
      ])
    #expect(one.map(\.isTrained) == [false, true, true, true, true])
    #expect(one[1].hash == two[1].hash && one[1].hash.count == 16)
    // Weights that are given are taken.
    let given = try workbench.run(call + ["--set", "perceptors.judge.weights=runs/\(judge)"])
    #expect(given.status == 0 && !given.output.contains("has no weights"), "\(given.output)")
    #expect(try workbench.figures(of: "small-1")[1].hash == one[1].hash)
  }

  @Test(
    "A network that a run's own metric looks through is trained too, and replaces the drawn one")
  func ownPerceptor() throws {
    let workbench = try Workbench.small()
    let trained = try workbench(
      "train", "small.json", "--set", "training.for={steps: 2}", "--set",
      "reports.metrics=[{ use: 'perceptors/mean-iou' }]", "--set",
      "perceptors={ segmenter: { use: 'perceptors/segmenter', with: { width: 4 } } }")
    try #require(trained.status == 0, "\(trained.output)")
    let lines = try JSONLines.read(workbench.folder.file("runs/small-1/metrics.jsonl"))
    let network = try #require(lines.first?["networks"]?.arrayValue?.first)
    #expect(network["path"]?.stringValue == "perceptors.segmenter")
    #expect(network["isTrained"]?.boolValue == false)
    let result = try workbench("evaluate", "runs/small-1", "--pretrain", "24", "--speed", "2")
    #expect(result.status == 0, "\(result.output)")
    let figure = try #require(try workbench.figures(of: "small-1").first)
    #expect(figure.isTrained && figure.hash != network["hash"]?.stringValue)
  }

  @Test("A table that nobody ships, and a column that no figure has, are told with those there are")
  func unknownTable() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    let table = try workbench.message(["evaluate", "runs/small-1", "--table", "smis/diversit"])
    #expect(
      table.output.hasPrefix("there is no table \"smis/diversit\"; there are smis/diversity, "),
      "\(table.output)")
    let column = try workbench.message([
      "evaluate", "runs/small-1", "--metrics", "essentials/l1-error", "--table", "L1,mIuO",
    ])
    #expect(
      column.output.hasPrefix("no figure begins with \"mIuO\"; there are mIoU, "),
      "\(column.output)")
    for result in [table, column] { #expect(result.status == 1) }
    #expect(
      !FileManager.default.fileExists(atPath: workbench.folder.file("runs/small-1/evaluation.json"))
    )
  }

  @Test("Every table that is shipped names metrics and perceptors that there are")
  func shipped() throws {
    let workbench = try Workbench()
    let listed = try workbench("list", "table")
    let ids = listed.output.split(separator: "\n").filter { $0.hasSuffix("  table") }
      .map { $0.split(separator: " ")[0] }
    #expect(Set(ids).isSuperset(of: ["smis/diversity", "smis/fidelity", "semantic-cgan/labels"]))
    for id in ids {
      let shown = try workbench("inspect", String(id), "--json")
      let json = try JSONValue(parsing: shown.output)
      let parts =
        (json["experiment"]?["reports"]?["metrics"]?.arrayValue ?? [])
        + (json["experiment"]?["perceptors"]?.members ?? []).map(\.value)
      #expect(!parts.isEmpty && json["columns"]?.arrayValue?.isEmpty == false)
      for part in parts {
        let use = try #require(part["use"]?.stringValue)
        #expect(try workbench("inspect", use).status == 0, "\(id) names \(use)")
      }
    }
  }

  @Test("The study's table: mean, least and most over seeds, of the newest measurements")
  func studyTable() throws {
    let folder = try TemporaryFolder()
    func evaluated(_ run: String, _ records: String) throws {
      try FileManager.default.createDirectory(
        atPath: folder.file("runs/\(run)"), withIntermediateDirectories: true)
      try folder.file("runs/\(run)/evaluation.json", records)
    }
    func record(_ value: String, speed: Double) -> JSONValue {
      [
        "figures": [
          [
            "name": "fid(perceptors.features)", "value": JSONValue(Double(value) ?? .nan),
            "isBetterHigher": false, "networks": [["path": "perceptors.features", "hash": "ab12"]],
          ]
        ], "imagesPerSecond": JSONValue(speed), "parameters": 623_456,
      ]
    }
    try evaluated(
      "some-net-1-1", JSONValue([record("7", speed: 1), record("0.25", speed: 8)]).text())
    try evaluated("some-net-2-1", JSONValue([record("0.5", speed: 10)]).text())
    try evaluated("other-1-1", JSONValue([record("1234.5", speed: 3)]).text())
    let script = "\(root)/Examples/studies/table.sh"
    let result = try run([script, folder.file("runs"), "some-net", "other"])
    #expect(
      result.output == """
        | | seeds | fid(perceptors.features) ↓ | images/s ↑ | M |
        | --- | --: | --: | --: | --: |
        | some-net | 2 | 0.375 (0.25–0.5) | 9 (8–10) | 0.623 (0.623–0.623) |
        | other | 1 | 1234 | 3 | 0.623 |

        """)
    let none = try run([script, folder.file("runs"), "absent"])
    #expect(none.status == 1 && none.output.contains("there is no evaluation.json of absent"))
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

extension Workbench {
  /// What the newest measurement of a run says of each figure and the first network behind it.
  fileprivate func figures(
    of run: String
  ) throws -> [(name: String, hash: String, isTrained: Bool)] {
    let text = try String(
      contentsOfFile: folder.file("runs/\(run)/evaluation.json"), encoding: .utf8)
    return (try JSONValue(parsing: text).arrayValue?.last?["figures"]?.arrayValue ?? []).map {
      let network = $0["networks"]?[0]
      return (
        $0["name"]?.stringValue ?? "", network?["hash"]?.stringValue ?? "",
        network?["isTrained"]?.boolValue ?? true
      )
    }
  }

  /// The run folders of judges.
  fileprivate func judges() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file("runs"))
      .filter { $0.hasPrefix("judge-") }
  }
}
