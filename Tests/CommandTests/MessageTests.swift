import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// A wrong input: what is done to a sound folder, and the command that then complains.
struct WrongInput: CustomTestStringConvertible, Sendable {
  let name: String
  let arguments: [String]
  var prepare: @Sendable (Workbench) throws -> Void = { _ in }

  var testDescription: String { name }

  /// `small.json` with a text replaced, checked by `resolve`.
  static func file(_ name: String, _ old: String, _ new: String) -> WrongInput {
    WrongInput(name: name, arguments: ["resolve", "\(name).json"]) { workbench in
      let text = Facades.experiment
      try #require(text.contains(old))
      try workbench.folder.file("\(name).json", text.replacing(old, with: new))
    }
  }

  /// A folder of data that is spoilt, on which one trains.
  static func data(
    _ name: String, _ spoil: @escaping @Sendable (Workbench) throws -> Void
  ) -> WrongInput {
    WrongInput(name: name, arguments: ["train", "small.json"], prepare: spoil)
  }

  /// `apply` of a small U-Net or patch discriminator to some tensors.
  static func apply(
    _ name: String, _ id: String, _ tensors: @escaping @Sendable () -> [String: Tensor],
    _ more: [String] = []
  ) -> WrongInput {
    let settings =
      id == "semantic-cgan/unet" ? "{width: 1, levels: 5}" : "{width: 1, layers: 1}"
    return WrongInput(
      name: name,
      arguments: ["apply", id, "--with", settings, "--inputs", "inputs", "--outputs", "outputs"]
        + more
    ) { try SafetensorsWriter.write(tensors(), to: $0.folder.file("inputs")) }
  }

  static let experiments: [WrongInput] = [
    .file("syntax", "\"seed\": 7,\n", "\"seed\": 7\n"),
    .file("duplicate-key", "\"seed\": 7", "\"seed\": 7, \"seed\": 8"),
    .file("unknown-key", "\"losses\"", "\"loses\""),
    .file("unknown-setting", "\"width\": 2", "\"wdith\": 2"),
    .file("wrong-type", "\"batchSize\": 2", "\"batchSize\": \"two\""),
    .file("wrong-type-of-setting", "\"width\": 2", "\"width\": [2]"),
    .file("below-range", "\"batchSize\": 2", "\"batchSize\": 0"),
    .file("out-of-range", "\"beta1\": 0.5", "\"beta1\": 1.5"),
    .file(
      "missing-dataset",
      "\"dataset\": { \"use\": \"facades/cmp\", \"with\": { \"folder\": \"data\", \"side\": 32 } },",
      ""),
    .file("unusable-name", "\"name\": \"small\"", "\"name\": \"a/b\""),
    .file("part-name", "\"discriminators\": {", "\"disc.riminators\": {"),
    .file("generations", "\"losses\"", "\"generations\": [\"a\"], \"losses\""),
    .file(
      "duplicate-name", "{ \"use\": \"essentials/bce\" }",
      "{ \"use\": \"essentials/bce\", \"name\": \"l1\" }, { \"use\": \"essentials/l1\", \"name\": \"l1\" }"
    ),
    .file("huge-weight", "\"from\": 10", "\"from\": 1e39"),
    .file("missing-procedure", "\"procedure\": \"essentials/discriminator-first\",", ""),
    .file("missing-use", "{ \"use\": \"essentials/bce\" }", "{ \"weight\": 1 }"),
    .file("unknown-component", "semantic-cgan/unet", "semantic-cgan/unett"),
    .file("levels-beyond-side", "\"width\": 2", "\"width\": 2, \"levels\": 6"),
    .file("image-too-small", "\"layers\": 1", "\"layers\": 5"),
    .file(
      "views-too-small", "\"layers\": 1 }",
      "\"layers\": 2 }, \"view\": { \"use\": \"essentials/pyramid\", \"with\": { \"scales\": 4 } }"),
    WrongInput(name: "misfit", arguments: ["resolve", "\(root)/Examples/misfit.json"]),
    WrongInput(name: "no-file", arguments: ["train", "nowhere.json"]),
    WrongInput(name: "a-folder", arguments: ["train", "data"]),
    WrongInput(
      name: "set-beyond-list", arguments: ["train", "small.json", "--set", "losses.7.weight=1"]),
    WrongInput(
      name: "set-misspelt",
      arguments: ["train", "small.json", "--set", "generator.wiht.width=2"]),
    WrongInput(
      name: "set-wrong-value",
      arguments: ["train", "small.json", "--set", "generator.with.width=wide"]),
    WrongInput(name: "set-without-value", arguments: ["train", "small.json", "--set", "seed"]),
  ]

  static let data: [WrongInput] = [
    .data("data-absent") { try FileManager.default.removeItem(atPath: $0.folder.file("data")) },
    .data("data-is-a-file") {
      try FileManager.default.removeItem(atPath: $0.folder.file("data"))
      try $0.folder.file("data", "")
    },
    .data("data-empty-split") { workbench in
      for number in 1...4 {
        try FileManager.default.removeItem(atPath: workbench.folder.file("data/val/\(number).png"))
      }
    },
    .data("data-truncated-jpeg") {
      let jpeg = Facades.pair(7, side: 64).jpeg()
      try jpeg.prefix(jpeg.count / 2).write(to: URL(filePath: $0.folder.file("data/train/7.jpg")))
    },
    .data("data-odd-size") {
      try Image(height: 31, width: 65, color: .black)
        .write(to: URL(filePath: $0.folder.file("data/train/7.png")))
    },
    .data("data-label-outside") { workbench in
      try FileManager.default.removeItem(atPath: workbench.folder.file("data"))
      try FileManager.default.createDirectory(
        atPath: workbench.folder.file("data"), withIntermediateDirectories: true)
      for number in 0..<4 {
        let path = workbench.folder.file("data/cmp_b000\(number)")
        try Image(height: 32, width: 32, color: .black).write(to: URL(filePath: path + ".jpg"))
        let label = UInt16(number == 2 ? 13 : 12)
        try LabelImage(height: 32, width: 32, labels: .init(repeating: label, count: 32 * 32))
          .write(to: URL(filePath: path + ".png"))
      }
    },
    WrongInput(
      name: "batch-beyond-data",
      arguments: ["train", "small.json", "--set", "training.batchSize=7"]),
  ]

  static let runs: [WrongInput] = [
    WrongInput(name: "no-run", arguments: ["train", "--resume", "data"]),
    WrongInput(name: "run-absent", arguments: ["sample", "runs/small-9"]),
    WrongInput(name: "no-checkpoint", arguments: ["train", "--resume", "runs/small-1"]) {
      try $0.trainBriefly()
      try FileManager.default.removeItem(atPath: $0.folder.file("runs/small-1/checkpoints"))
    },
    WrongInput(name: "checkpoint-truncated", arguments: ["train", "--resume", "runs/small-1"]) {
      try $0.trainBriefly()
      Glibc.truncate($0.folder.file("runs/small-1/checkpoints/step-2.safetensors"), 30000)
    },
    WrongInput(
      name: "resume-otherwise",
      arguments: [
        "train", "--resume", "runs/small-1", "--set", "seed=8", "--set", "generator.with.width=3",
      ]
    ) { try $0.trainBriefly() },
    WrongInput(name: "checkpoint-of-another", arguments: ["sample", "runs/small-1"]) {
      try $0.trainBriefly()
      let path = $0.folder.file("runs/small-1/experiment.json")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try Data(text.replacing("\"width\": 4", with: "\"width\": 3").utf8)
        .write(to: URL(filePath: path))
    },
  ]

  static let applications: [WrongInput] = [
    .apply("apply-missing-port", "semantic-cgan/patchgan", { ["image": .ones([2, 3, 32, 32])] }),
    .apply(
      "apply-other-batch", "semantic-cgan/patchgan",
      { ["image": .ones([2, 3, 32, 32]), "condition": .ones([1, 12, 32, 32])] }),
    .apply(
      "apply-other-size", "semantic-cgan/patchgan",
      { ["image": .ones([1, 3, 32, 32]), "condition": .ones([1, 12, 16, 32])] }),
    .apply(
      "apply-too-small", "semantic-cgan/patchgan",
      { ["image": .ones([1, 3, 5, 8]), "condition": .ones([1, 12, 5, 8])] }),
    .apply(
      "apply-rank", "semantic-cgan/patchgan", { ["image": .ones([3]), "condition": .ones([3])] }),
    .apply(
      "apply-labels-without-classes", "semantic-cgan/unet", { ["condition": .zeros([1, 32, 32])] }),
    .apply(
      "apply-label-outside", "semantic-cgan/unet", { ["condition": .full(12, [1, 32, 32])] },
      ["--ports", "{condition: {classes: 12}}"]),
    .apply(
      "apply-draw-shape", "semantic-cgan/unet",
      { ["condition": .zeros([1, 2, 64, 64]), "dropout.0": .ones([1, 8, 3, 3])] },
      ["--mode", "train", "--with", "levels=6"]),
    .apply(
      "apply-unread", "semantic-cgan/unet",
      { ["condition": .zeros([1, 2, 32, 32]), "conditoin": .ones([1])] }),
    .apply(
      "weights-published", "semantic-cgan/patchgan",
      { ["image": .ones([1, 3, 8, 8]), "condition": .ones([1, 2, 8, 8])] },
      ["--names", "published", "--weights", "weights"]
    ).with {
      try SafetensorsWriter.write(
        [
          "model.0.weight": .ones([1, 5, 4, 4]), "module.model.0.bias": .ones([2]),
          "model.2.weigth": .ones([2, 1, 4, 4]), "model.3.num_batches_tracked": .ones([1]),
        ], to: $0.folder.file("weights"))
    },
    .apply("apply-no-safetensors", "semantic-cgan/unet", { [:] }).with {
      try $0.folder.file("inputs", "{ \"condition\": [1, 2, 3] }")
    },
    WrongInput(
      name: "apply-unknown",
      arguments: ["apply", "essentials/adm", "--inputs", "i", "--outputs", "o"]),
  ]

  /// `weights import` of a file of Tests/Fixtures/checkpoints/ into a small patch discriminator.
  static func weights(
    _ name: String, _ file: String, _ more: [String] = [],
    prepare: @escaping @Sendable (Workbench) throws -> Void = { _ in }
  ) -> WrongInput {
    let path = file.hasPrefix("/") ? String(file.dropFirst()) : fixture("checkpoints/\(file)")
    return WrongInput(
      name: "weights-\(name)",
      arguments: [
        "weights", "import", path, "--for", "semantic-cgan/patchgan", "--with", "width=2",
        "--with", "layers=1", "--ports", "{condition: {classes: 2, side: 16}, image: {side: 16}}",
        "-o", "own.safetensors",
      ] + more, prepare: prepare)
  }

  static let checkpoints: [WrongInput] = [
    .weights("asks-for-system", "hostile-posix-system.pth"),
    .weights("asks-for-eval", "hostile-eval.pth"),
    .weights("asks-by-stack", "hostile-stack-global.pth"),
    .weights("asks-for-class", "hostile-class.pth"),
    .weights("asks-kept-elsewhere", "hostile-persistent-module.pth"),
    .weights("beyond-storage", "hostile-beyond.pth"),
    .weights("big-endian", "big-endian.pth"),
    .weights("big-endian-array", "big.npy"),
    .weights("objects", "objects.npy"),
    .weights("few-numbers", "few-numbers.pth"),
    .weights("of-another", "zip.pth"),
    .weights("entry-unknown", "nested.pth", ["--entry", "netG"]),
    .weights("empty", "empty.pth"),
    .weights("setting-unknown", "patchgan.pth", ["--with", "wdith=2"]),
    .weights("setting-without-value", "patchgan.pth", ["--with", "width"]),
    .weights("no-file", "/nowhere.pth"),
    .weights("text", "/text.pth") { try $0.folder.file("text.pth", "these are no weights") },
    .weights("cut", "/cut.pth") {
      let whole = try bytes(of: fixture("checkpoints/patchgan.pth"))
      try put(Array(whole.dropLast(200)), to: $0.folder.file("cut.pth"))
    },
    .weights("cut-stream", "/cut.pth") {
      let whole = try bytes(of: fixture("checkpoints/unet.pth"))
      try put(Array(whole.dropLast(200)), to: $0.folder.file("cut.pth"))
    },
    .weights("changed", "/changed.pth") {
      var whole = try bytes(of: fixture("checkpoints/patchgan.pth"))
      whole[whole.count / 2 - whole.count / 2 % 64] ^= 1
      try put(whole, to: $0.folder.file("changed.pth"))
    },
    WrongInput(
      name: "weights-without-names",
      arguments: [
        "weights", "import", fixture("checkpoints/zip.pth"), "--for", "essentials/l1", "-o",
        "own.safetensors",
      ]),
    WrongInput(
      name: "weights-unknown-part",
      arguments: ["weights", "export", "runs/small-1", "--for", "decoder", "-o", "own.pth"]
    ) { try $0.trainBriefly() },
  ]

  private func with(_ more: @escaping @Sendable (Workbench) throws -> Void) -> WrongInput {
    WrongInput(name: name, arguments: arguments) {
      try prepare($0)
      try more($0)
    }
  }
}

extension Workbench {
  /// A run of two steps, `runs/small-1`, with a checkpoint after each.
  func trainBriefly() throws {
    let result = try self(
      "train", "small.json", "--set", "training.for={steps: 2}", "--set",
      "training.checkpoints.every={steps: 1}", "--set", "reports.metrics=[]")
    try #require(result.status == 0, "\(result.output)")
  }
}

@Suite("What a person reads when an input is wrong", .serialized)
struct MessageTests {
  @Test(
    "Where, what was found, what was expected, what to do",
    arguments: WrongInput.experiments + WrongInput.files + WrongInput.data + WrongInput.runs
      + WrongInput.applications + WrongInput.checkpoints)
  func message(_ input: WrongInput) throws {
    let workbench = try Workbench.small()
    try input.prepare(workbench)
    let result = try workbench.message(input.arguments)
    #expect(result.status == (input.name == "apply-unread" ? 0 : 1))
    #expect(!result.output.contains("Fatal error") && !result.output.contains("Backtrace"))
    #expect(!workbench.folder.names.contains { $0.contains("own.safetensors") })
    try expectSnapshot(input.name, result.output)
  }

  @Test("A run that fails before its first step leaves no folder behind")
  func noFolder() throws {
    let workbench = try Workbench.small()
    let result = try workbench("train", "small.json", "--set", "training.batchSize=7")
    #expect(result.status == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(workbench.path)/runs") == [])
  }
}
