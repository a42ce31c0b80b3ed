import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("Examples", .serialized)
struct ExampleTests {
  /// The experiments of the tree; `base.json` is what others extend, `misfit.json` does not fit.
  private static let files: [String] = {
    let all = (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/Examples")) ?? []
    return all.filter { path in
      path.hasSuffix(".json") && !path.hasPrefix("ThirdPartyPlugin/")
        && !["base.json", "misfit.json"].contains(URL(filePath: path).lastPathComponent)
    }.sorted()
  }()

  @Test("There are examples, the published ones among them")
  func areThere() {
    #expect(Self.files.count >= 20)
    #expect(Self.files.filter { $0.hasPrefix("published/") }.count == 11)
  }

  @Test("Each resolves with the plugins of the tree", arguments: files)
  func resolves(_ file: String) throws {
    let result = try Workbench().run(["resolve", "\(root)/Examples/\(file)"])
    #expect(result.status == 0, "\(result.output)")
  }

  @Test(
    "A paper's rule that settings leave is noted, and does not stop them",
    arguments: [
      ("[12,12,6,6,3,3,1]", "are 3 before 1"), ("[12,12,12,4,2,1,1]", "are 12 before 4"),
      ("[12,6,3,3,3,3,3]", nil), (nil, nil),
    ] as [(String?, String?)])
  func notes(_ groups: String?, _ note: String?) throws {
    let setting = groups.map { ["--set", "generator.with.groups=\($0)"] } ?? []
    let result = try Workbench().run(
      ["resolve", "\(root)/Examples/studies/classes/groupdnet.json"] + setting)
    #expect(result.status == 0)
    let notes = result.output.split(separator: "\n").filter { $0.contains("note:") }
    #expect(notes.count == (note == nil ? 0 : 1))
    if let note { #expect(notes.first?.hasSuffix(note) == true, "\(notes)") }
  }

  @Test(
    "The rivals with a code of the whole image train on painted birds",
    arguments: [
      (
        "bicyclegan",
        [
          "encoders.style.with={ width: 4 }", "encoders.again.with={ width: 4 }",
          "discriminators.1.with.width=4",
        ],
        [
          "generator-and-encoder/gan", "generator-and-encoder/l1", "generator-and-encoder/kl",
          "regression/latent-l1", "discriminator-encoded/gan", "discriminator-random/gan",
        ]
      ),
      (
        "dscgan", [],
        [
          "generator/least-squares", "generator/l1", "generator/diversity",
          "discriminator/least-squares",
        ]
      ),
    ])
  func trains(_ name: String, _ settings: [String], _ losses: [String]) throws {
    let workbench = try Workbench()
    let small =
      settings + [
        #"dataset={ use: "aviary/birds", with: { side: 64 } }"#, "generator.with={ width: 4 }",
        "discriminators.0.with.width=4", "training={ batchSize: 2, for: { steps: 2 } }",
        "reports={ every: { steps: 1 }, samples: 2 }",
      ]
    let result = try workbench.run(
      ["train", "\(root)/Examples/published/\(name).json"] + small.flatMap { ["--set", $0] })
    try #require(result.status == 0, "\(result.output)")
    let statistics = try JSONLines.read(workbench.folder.file("runs/\(name)-1/statistics.jsonl"))
    #expect(statistics.map { $0["step"]?.intValue } == [1, 2])
    for line in statistics {
      for loss in losses {
        #expect(line["losses"]?[loss]?.doubleValue?.isFinite == true, "\(loss)")
      }
      for phase in Set(losses.compactMap { $0.split(separator: "/").first }) {
        #expect(line["gradientNorms"]?[String(phase)]?.doubleValue ?? 0 > 0, "\(phase)")
      }
    }
    // Both steps changed what is learnt.
    let totals = statistics.map { $0["losses"]?[losses[0]]?.doubleValue }
    #expect(totals[0] != totals[1])
    try morph(workbench, name)
  }

  /// Styles go from one to the other without codes of classes, where an encoder makes them.
  private func morph(_ workbench: Workbench, _ name: String) throws {
    let run = "runs/\(name)-1"
    let sampled = try workbench("sample", run, "--count", "2", "--files", "made")
    try #require(sampled.status == 0, "\(sampled.output)")
    let result = try workbench(
      "tool", "essentials/morph-style", run, "--first", "made/0-image.png", "--second",
      "made/1-image.png", "--labels", "made/0-labels.png", "--steps", "3", "-o", "morph.png")
    guard name == "bicyclegan" else {
      #expect(result.status == 1)
      return
    }
    try #require(result.status == 0, "\(result.output)")
    let sheet = try Image(contentsOf: URL(filePath: workbench.folder.file("morph.png")))
    let strip = try gridCells(
      sheet, rows: 1, columns: 3, height: 64, width: 64, labels: ["0.0", "0.5", "1.0"])
    #expect(strip[0].count == 3)
  }
}
