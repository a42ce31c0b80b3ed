import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

extension WrongInput {
  /// `small.json` extended by another file, and files of several faults.
  static let files: [WrongInput] = [
    .extending("extends-nothing", "{ extends: 'samll.json' }"),
    .extending("extends-itself", "{ extends: './extends-itself.json' }"),
    .extending("extends-a-list", "{ extends: ['small.json'] }"),
    .extending("extends-round", "{\n  extends: 'second.json' }") {
      try $0.folder.file("second.json", "{ extends: 'third.json' }")
      try $0.folder.file("third.json", "{ name: 'third',\n  extends: 'extends-round.json' }")
    },
    .extending("extends-faulty", "{ extends: 'second.json', training: { batchsize: 2 } }") {
      try $0.folder.file(
        "second.json", "{\n  extends: 'small.json',\n  generator: { with: { width: 0 } } }")
    },
    .extending(
      "extends-by-set", "{ extends: 'small.json' }", ["--set", "extends=other.json"]),
    .file(
      "many-faults", "\"batchSize\": 2, \"for\"",
      "\"batchSize\": 0 \"seed\": 1, \"loses\": [{ \"use\": \"a/b\" }], \"for\""),
    .file(
      "faults-of-all-kinds", "\"seed\": 7,\n  \"dataset\": { \"use\": \"facades/cmp\", \"with\": {",
      """
      "seed": -7 "sed": 7, "seed": 8,
        "dataset": { "use": "facades/cpm", "with": { "sid": 3, "side": 3,
      """),
    .file("generations-none", "\"losses\"", "\"generations\": {}, \"losses\""),
    .file("weight-beyond-float", "\"from\": 10", "\"from\": 1e300"),
    .file(
      "pinned-otherwise", "\"seed\": 7",
      "\"plugins\": { \"essentials\": \"00000000\", \"facade\": \"00000000\" }, \"seed\": 7"),
    .file(
      "pinned-badly", "\"seed\": 7",
      "\"plugins\": { \"essentials\": 5, \"facades\": \"0x\" }, \"seed\": 7"),
  ]

  private static func extending(
    _ name: String, _ text: String, _ more: [String] = [],
    _ prepare: @escaping @Sendable (Workbench) throws -> Void = { _ in }
  ) -> WrongInput {
    WrongInput(name: name, arguments: ["resolve", "\(name).json"] + more) {
      try $0.folder.file("\(name).json", text)
      try prepare($0)
    }
  }
}

@Suite("An experiment extends another", .serialized)
struct ExtendsTests {
  /// What `resolve --json` says of a file that extends `small.json` in a folder of its own.
  private func resolved(_ text: String, _ more: String...) throws -> JSONValue {
    let workbench = try Workbench.small()
    try FileManager.default.createDirectory(
      atPath: workbench.folder.file("mine"), withIntermediateDirectories: true)
    try workbench.folder.file("mine/other.json", text)
    let result = try workbench.run(["resolve", "mine/other.json", "--json"] + more)
    try #require(result.status == 0, "\(result.output)")
    return try JSONValue(parsing: result.output)
  }

  @Test("Objects merge, lists and other values replace, null takes away")
  func merging() throws {
    let tree = try resolved(
      """
      {
        extends: '../small.json', seed: 8,
        generator: { with: { width: 3 } },
        losses: [{ use: 'essentials/l1' }, { use: 'essentials/hinge' }],
        optimizers: { generator: { schedule: null } },
        training: { for: { epochs: 2 }, average: { halfLife: { steps: 5 } } },
      }
      """)
    #expect(tree["extends"] == nil)
    #expect(tree["name"] == "small" && tree["seed"] == 8)
    #expect(tree["generator"]?["use"] == "semantic-cgan/unet")
    #expect(tree["generator"]?["with"]?["width"] == 3)
    #expect(tree["losses"]?.arrayValue?.compactMap { $0["use"]?.stringValue }.count == 2)
    let optimizer = tree["optimizers"]?["generator"]
    #expect(optimizer?.keys == ["use", "with"] && optimizer?["with"]?["beta1"] == 0.5)
    #expect(tree["training"]?["for"] == ["epochs": 2] && tree["training"]?["batchSize"] == 2)
    #expect(tree["training"]?["average"] == ["halfLife": ["steps": 5]])
  }

  @Test("A part with another id keeps nothing of the inherited one's settings")
  func otherPart() throws {
    let tree = try resolved(
      """
      {
        extends: '../small.json',
        dataset: { use: 'aviary/birds' },
        optimizers: { generator: { use: 'essentials/adam', with: { beta1: 0 } } },
      }
      """)
    #expect(tree["dataset"]?["with"]?["folder"] == nil)
    #expect(tree["dataset"]?["with"]?["side"] == 64)
    // The same id again merges: the schedule stays.
    #expect(tree["optimizers"]?["generator"]?["with"]?["beta1"] == 0)
    let rate = try #require(tree["optimizers"]?["generator"]?["with"]?["learningRate"]?.doubleValue)
    #expect(Float(rate) == 0.002)
    #expect(tree["optimizers"]?["generator"]?["schedule"] != nil)
  }

  @Test("A chain of files, --set last; a run's record holds all of it")
  func chain() throws {
    let workbench = try Workbench.small()
    try workbench.folder.file("b.json", "{ extends: 'small.json', name: 'b', seed: 2 }")
    try workbench.folder.file(
      "c.json", "{ extends: '\(workbench.folder.file("b.json"))', training: { for: { steps: 2 } } }"
    )
    let result = try workbench(
      "train", "c.json", "--set", "seed=3", "--set", "reports.metrics=[]")
    try #require(result.status == 0, "\(result.output)")
    for name in ["small.json", "b.json", "c.json"] {
      try FileManager.default.removeItem(atPath: workbench.folder.file(name))
    }
    let text = try String(
      contentsOfFile: workbench.folder.file("runs/b-1/experiment.json"), encoding: .utf8)
    let record = try JSONValue(parsing: text, dialect: .json)
    #expect(record["extends"] == nil && record["seed"] == 3 && record["name"] == "b")
    #expect(record["training"]?["for"] == ["steps": 2])
    let again = try workbench(
      "train", "--resume", "runs/b-1", "--set", "training.for={steps: 3}")
    #expect(again.status == 0, "\(again.output)")
    let sample = try workbench(
      "sample", "runs/b-1", "--count", "2", "--set", "dataset.with.folder=elsewhere")
    #expect(sample.output.contains("elsewhere: there is no such folder"))
    // A run's record may be extended as well; what it says of that run is not inherited.
    try workbench.folder.file("d.json", "{ extends: 'runs/b-1/experiment.json', name: 'd' }")
    let resolved = try workbench("resolve", "d.json", "--json")
    #expect(try JSONValue(parsing: resolved.output)["run"] == nil)
    #expect(try JSONValue(parsing: resolved.output)["name"] == "d")
  }

  @Test("A plugin pinned by its hash is taken, and the pin is recorded")
  func pinned() throws {
    let hash = try PluginFile(at: "\(products)/libEssentials.so", trust: .anyone).hash
    let tree = try resolved(
      "{ extends: '../small.json' }", "--set", "plugins={essentials: '\(hash.prefix(12))'}")
    #expect(tree["plugins"] == ["essentials": JSONValue(String(hash.prefix(12)))])
  }
}
