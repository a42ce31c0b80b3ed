import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// A network whose checkpoint PyTorch has written under its authors' names.
private struct Published: CustomTestStringConvertible, Sendable {
  let name: String
  var plugin = "semantic-cgan"
  let settings: [String]
  let ports: String
  /// What it consumes, for `apply`.
  let inputs: [String: [Int]]

  var testDescription: String { name }
  var id: String { "\(plugin)/\(name)" }
  var file: String { fixture("checkpoints/\(name).pth") }
  var component: [String] { settings.flatMap { ["--with", $0] } + ["--ports", ports] }

  static let all = [
    Published(
      name: "unet", settings: ["width=1", "levels=5"],
      ports: "{condition: {classes: 2, side: 32}, image: {side: 32}}",
      inputs: ["condition": [1, 2, 32, 32]]),
    Published(
      name: "patchgan", settings: ["{width: 2, layers: 1}"],
      ports: "{condition: {classes: 2, side: 16}, image: {side: 16}}",
      inputs: ["condition": [1, 2, 16, 16], "image": [1, 3, 16, 16]]),
    Published(
      name: "resnet", settings: ["{width: 2, halvings: 1}", "blocks=1"],
      ports: "{condition: {classes: 2, side: 16}, image: {side: 16}}",
      inputs: ["condition": [1, 2, 16, 16]]),
  ]

  /// Under spectral norm.
  static let multiscale = Published(
    name: "multiscale", plugin: "smis", settings: ["width=1"],
    ports: "{labels: {classes: 2, side: 32}, image: {side: 32}}", inputs: [:])

  /// Grouped convolutions under spectral norm, and norms with statistics; the encoder of its codes.
  static let groupdnet = [
    Published(
      name: "groupdnet", plugin: "smis", settings: ["width=1", "hidden=2"],
      ports: "{labels: {classes: 2, side: 32}, z: {channels: 16, side: 1}, image: {side: 32}}",
      inputs: [:]),
    Published(
      name: "class-split", plugin: "smis", settings: ["{width: 2}", "halvings=5"],
      ports: "{labels: {classes: 2, side: 64}, image: {side: 64}}", inputs: [:]),
  ]
}

@Suite("Published checkpoints, from the command line", .serialized)
struct WeightsCommandTests {
  @Test(
    "import, and export in every format, give back every number",
    arguments: Published.all + [.multiscale] + Published.groupdnet)
  fileprivate func roundTrip(_ published: Published) throws {
    let workbench = try Workbench()
    let imported = try workbench.run(
      ["weights", "import", published.file, "--for", published.id, "-o", "own.safetensors"]
        + published.component)
    try #require(imported.status == 0, "\(imported.output)")
    #expect(imported.output.contains("tensors"))
    let original = try WeightsFile(published.file)
    for ending in ["pth", "npz", "safetensors"] {
      let exported = try workbench.run(
        ["weights", "export", "own.safetensors", "--for", published.id, "-o", "theirs.\(ending)"]
          + published.component)
      try #require(exported.status == 0, "\(exported.output)")
      let file = try WeightsFile(workbench.folder.file("theirs.\(ending)"))
      let isCounter = { (name: String) in name.hasSuffix("num_batches_tracked") }
      let tensors = original.groups[0].tensors.filter { ending != "npz" || !isCounter($0.name) }
      #expect(Set(file.groups[0].tensors.map(\.name)) == Set(tensors.map(\.name)))
      #expect(exported.output.contains("\(tensors.count) tensors"))
      for tensor in tensors {
        let found = try #require(file.groups[0][tensor.name])
        #expect(found.shape == tensor.shape && found.type == tensor.type)
        // How many batches there were is not known.
        guard !isCounter(tensor.name) else { continue }
        #expect(try file.values(found) == original.values(tensor), "\(tensor.name)")
      }
    }
  }

  @Test("apply takes a checkpoint as it is", arguments: Published.all)
  fileprivate func apply(_ published: Published) throws {
    let workbench = try Workbench()
    let given = published.inputs.mapValues { Tensor.ones($0) }
    try SafetensorsWriter.write(given, to: workbench.folder.file("inputs"))
    let imported = try workbench.run(
      ["weights", "import", published.file, "--for", published.id, "-o", "own.safetensors"]
        + published.component)
    try #require(imported.status == 0, "\(imported.output)")
    let settings = published.settings.flatMap { ["--with", $0] }
    for (names, weights) in [("published", published.file), ("own", "own.safetensors")] {
      let result = try workbench.run(
        ["apply", published.id, "--names", names, "--weights", weights, "--inputs", "inputs"]
          + ["--outputs", names] + settings)
      try #require(result.status == 0, "\(result.output)")
    }
    let outputs = try ["published", "own"].map {
      try SafetensorsReader(workbench.folder.file($0)).tensors().mapValues { $0.scalars() }
    }
    #expect(outputs[0] == outputs[1] && !outputs[0].isEmpty)
  }

  @Test("a run's weights leave under published names and come back as an experiment's")
  func run() throws {
    let workbench = try Workbench.small()
    try workbench.trainBriefly()
    for part in ["semantic-cgan/unet", "generator"] {
      let result = try workbench(
        "weights", "export", "runs/small-1", "--for", part, "-o", "g.pth")
      try #require(result.status == 0, "\(result.output)")
    }
    // A rate that changes no number, so that the second run ends with what it began with.
    let result = try workbench(
      "train", "small.json", "--set", "generator.weights=g.pth", "--set", "training.for={steps: 1}",
      "--set", "optimizers.generator.with.learningRate=1e-30", "--set", "reports.metrics=[]",
      "--set", "seed=9")
    try #require(result.status == 0, "\(result.output)")
    let again = try workbench(
      "weights", "export", "runs/small-2", "--for", "generator", "-o", "again.npz")
    try #require(again.status == 0, "\(again.output)")
    let first = try WeightsFile(workbench.folder.file("g.pth"))
    let second = try WeightsFile(workbench.folder.file("again.npz"))
    // Counters of batches are in PyTorch's files only.
    let weights = first.groups[0].tensors.filter { !$0.name.hasSuffix("num_batches_tracked") }
    #expect(weights.count == second.groups[0].tensors.count)
    for tensor in weights where !tensor.name.contains("running") {
      let expected = try first.tensor(tensor)
      let found = try second.tensor(#require(second.groups[0][tensor.name]))
      #expect(difference(found, expected) < 1e-6, "\(tensor.name)")
    }
  }

  @Test("differences are listed for programs too, and nothing is written")
  func json() throws {
    let workbench = try Workbench()
    let patchgan = Published.all[1]
    let result = try workbench.run(
      ["weights", "import", patchgan.file, "--for", patchgan.id, "--with", "{width: 3, layers: 1}"]
        + ["--ports", patchgan.ports, "--json", "-o", "own.safetensors"])
    #expect(result.status == 1)
    let answer = try JSONValue(parsing: result.output, dialect: .json)
    #expect(answer["missing"]?.arrayValue?.isEmpty == true)
    #expect(answer["surplus"]?.arrayValue?.isEmpty == true)
    #expect((answer["misshaped"]?.arrayValue?.count ?? 0) > 5)
    #expect(answer["misshaped"]?[0]?["found"]?.arrayValue != nil)
    #expect(answer["output"]?.isNull == true)
    #expect(!FileManager.default.fileExists(atPath: workbench.folder.file("own.safetensors")))
  }

  @Test("show lists every group of a file", arguments: ["nested.pth", "arrays.npz"])
  func show(_ name: String) throws {
    let workbench = try Workbench()
    let result = try workbench("weights", "show", fixture("checkpoints/\(name)"))
    #expect(result.status == 0)
    try expectSnapshot("weights-show-\(name.prefix { $0 != "." })", workbench.plain(result.output))
    let json = try workbench("weights", "show", fixture("checkpoints/\(name)"), "--json")
    let answer = try JSONValue(parsing: json.output, dialect: .json)
    #expect(answer["groups"]?[0]?["tensors"]?[0]?["shape"]?.arrayValue != nil)
  }
}
