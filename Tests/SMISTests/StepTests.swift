import PluginAPI
import TestSupport
import Testing

@testable import Host

/// Two pictures, by `HashedNumbers`.
struct HashedPictures: Dataset {
  private let image: [Float]
  private let labels: [Float]

  /// Samples are taken on another thread, where no tensors are made.
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {
    image = HashedNumbers.tensor("image", [2, 64, 64, 3]).scalars()
    labels = HashedNumbers.labels("labels", 2, 64, 64, classes: 4, block: 8).scalars()
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", side: 64, role: .target), .labelMap("labels", classes: 4, side: 64)]
  }

  func count(of split: Split) -> Int { 2 }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample {
    let area = 64 * 64
    return [
      "image": Field(Array(image[index * area * 3..<(index + 1) * area * 3]), shape: [64, 64, 3]),
      "labels": Field(Array(labels[index * area..<(index + 1) * area]), shape: [64, 64]),
    ]
  }
}

/// The encoder in its slot, with recorded noise: `noise.0` in its first call, then `noise.1`.
final class GivenNoise: Encoder {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The encoder.", slot: .encoder)
    var encoder = ComponentReference("smis/class-split", with: ["width": 2])
  }

  let inner: any Encoder
  private var calls = 0

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] { try context.consumed(by: hyperparameters.encoder) }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] { try context.provided(by: hyperparameters.encoder) }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    inner = try context.build(hyperparameters.encoder, as: (any Encoder).self)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    defer { calls += 1 }
    let given = CallContext(
      training: context.isTraining, updatesBuffers: context.updatesBuffers, seed: 1, stream: "",
      step: 0, given: ["z": HashedNumbers.tensor("noise.\(calls)", [2, 2, 2, 32])])
    return inner(inputs, in: given)
  }
}

@Suite("A whole step of GroupDNet against PyTorch")
struct StepTests {
  private static let subject = "smis_step groupdnet, a whole step (squares of gradients)"

  private static let experiment = """
    {
      "name": "step",
      "dataset": { "use": "hashed/pictures" },
      "encoders": { "style": { "use": "hashed/given-noise" } },
      "generator": { "use": "smis/groupdnet", "with": { "width": 1, "hidden": 4 } },
      "discriminators": [{ "use": "smis/multiscale", "with": { "width": 2 } }],
      "perceptors": { "features": { "use": "perceptors/vgg19", "with": { "layers": [1, 6] } } },
      "losses": [
        { "use": "essentials/hinge" },
        { "use": "essentials/feature-matching", "weight": 10 },
        {
          "use": "perceptors/perceptual", "weight": 10,
          "with": { "network": "perceptors.features", "layerWeights": [0.03125, 0.0625] },
        },
        { "use": "essentials/kl", "weight": 0.05 },
      ],
      "optimizers": {
        "generator": {
          "use": "essentials/adam", "with": { "learningRate": 1e-4, "beta1": 0, "beta2": 0.9 },
        },
        "discriminators": {
          "use": "essentials/adam", "with": { "learningRate": 4e-4, "beta1": 0, "beta2": 0.9 },
        },
      },
      "procedure": "essentials/generator-first",
      "training": { "batchSize": 2, "for": { "steps": 1 } },
    }
    """

  @Test("Losses, every gradient's size, every update, every buffer")
  func step() throws {
    let pictures = PluginDescription(
      id: "hashed", summary: "Recorded inputs.",
      components: [
        .component("pictures", "Two pictures.", HashedPictures.self),
        .component("given-noise", "An encoder with recorded noise.", GivenNoise.self),
      ])
    let catalog = Catalog([
      try PluginUnderTest("Essentials").description,
      try PluginUnderTest("Perceptors").description, try PluginUnderTest("SMIS").description,
      pictures,
    ])
    var root = try JSONValue(parsing: Self.experiment, named: "step.json5")
    // The order of an epoch follows from the seed; this one leaves the two pictures as they are.
    try JSONOverride.apply(["seed=\(try seedThatKeepsOrder())"], to: &root)
    let read = try ExperimentReader(procedures: catalog.parsedProcedures()).read(root)
    let networks = try Networks(Resolution(read, with: catalog, root: root))
    let names = try publishedNames(networks)
    let before = try fill(networks, names)

    let experiment = networks.resolution.experiment
    let loader = try BatchLoader(
      networks.part("dataset", as: (any Dataset).self), split: .train, batchSize: 2,
      seed: experiment.seed)
    let stage = try #require(experiment.allStages.first)
    let runner = StageRunner(
      networks, losses: stage.losses, optimizers: stage.optimizers, procedure: stage.procedure,
      batchSize: 2, batchesPerEpoch: 1)
    let found = try runner.step(
      TrainingProgress(step: 0, images: 0, epoch: 0), from: loader, isReport: false)

    let file = try Fixture.load("smis_step")
    let losses = found.phases.flatMap { $0.terms.map { $0.value.item() } }
    let error = noted(
      difference(losses, try file["losses"].values), "losses", of: Self.subject)
    #expect(error < 1e-4)
    for prefix in ["G", "E", "D"] {
      try compare(networks, runner, names, before, prefix, file)
    }
  }

  private func seedThatKeepsOrder() throws -> Int {
    try #require(
      (1...50).first { seed in
        var mixer = SplitMix(seed: 0)
        var generator = SplitMix(seed: UInt64(seed) ^ mixer.next())
        return (0..<2).shuffled(using: &generator) == [0, 1]
      })
  }

  /// Path in the run → network's letter and published name, as `G.fc.weight`.
  private func publishedNames(_ networks: Networks) throws -> [String: String] {
    let encoder = try #require(networks.components["encoders.style"] as? GivenNoise)
    let parts: [(String, String, Any?)] = [
      ("G", "generator", networks.components["generator"]),
      ("E", "encoders.style.inner", encoder.inner),
      ("D", "discriminators.0", networks.components["discriminators.0"]),
      ("P", "perceptors.features", networks.components["perceptors.features"]),
    ]
    var names: [String: String] = [:]
    for (prefix, path, part) in parts {
      let importable = try #require(part as? any Importable)
      for (own, name) in importable.publishedNames { names["\(path).\(own)"] = "\(prefix).\(name)" }
    }
    return names
  }

  /// Gives every weight its numbers, and returns them.
  private func fill(_ networks: Networks, _ names: [String: String]) throws -> [String: Tensor] {
    var values: [String: Tensor] = [:]
    for (path, parameter) in networks.parameters {
      let name = try #require(names[path], "\(path)")
      parameter.value = HashedNumbers.weight(name, parameter.shape)
      values[path] = parameter.value
    }
    for (path, buffer) in networks.buffers {
      let name = try #require(names[path], "\(path)")
      guard name.hasSuffix("_u") || name.hasSuffix("_v") else { continue }
      buffer.value = HashedNumbers.direction(name, buffer.shape)
    }
    return values
  }

  private func compare(
    _ networks: Networks, _ runner: StageRunner, _ names: [String: String],
    _ before: [String: Tensor], _ prefix: String, _ file: Fixture
  ) throws {
    // What follows the first update stands on steps of either sign where a gradient is near zero.
    let tolerance: Float = prefix == "D" ? 2e-3 : 2e-4
    var squares = try file["\(prefix)/squares"].values[...]
    var changes = try file["\(prefix)/changes"].values[...]
    let weights = networks.parameters.filter { names[$0.path]?.hasPrefix("\(prefix).") == true }
    for (path, parameter) in sorted(weights, names) {
      let optimizer = runner.optimizers[prefix == "D" ? "discriminators" : "generator"]
      let state = try #require(optimizer?.states[path]?.tensors["v"])
      let found = HashedNumbers.thinned(state * 10, count: 30)  // v = (1 − 0.9)·g² after one step
      let expected = Array(squares.prefix(found.count))
      squares = squares.dropFirst(found.count)
      if expected[0] > 1e-10 {
        let error = noted(difference(found, expected), "gradient \(path)", of: Self.subject)
        #expect(error < 5 * tolerance, "\(path): gradient")
      }
      let change = HashedNumbers.thinned(
        parameter.value.detached() - (before[path] ?? Tensor(0)), count: 30
      ).dropFirst()
      for (own, published) in zip(change, changes.prefix(change.count)) where !published.isNaN {
        #expect(abs(own - published) < 0.02 * abs(published), "\(path): change")
      }
      changes = changes.dropFirst(change.count)
    }
    #expect(squares.isEmpty && changes.isEmpty)
    var buffers = try file["\(prefix)/buffers"].values[...]
    let own = networks.buffers.filter { names[$0.path]?.hasPrefix("\(prefix).") == true }
    for (path, buffer) in sorted(own, names) {
      let found = HashedNumbers.thinned(buffer.value, count: 20)
      let error = noted(
        difference(found, Array(buffers.prefix(found.count))), path, of: Self.subject)
      #expect(error < 10 * tolerance, "\(path): buffer")
      buffers = buffers.dropFirst(found.count)
    }
    #expect(buffers.isEmpty)
  }

  private func sorted<Box>(
    _ boxes: [(path: String, Box)], _ names: [String: String]
  ) -> [(path: String, Box)] {
    boxes.sorted {
      (names[$0.path] ?? "").utf8.lexicographicallyPrecedes((names[$1.path] ?? "").utf8)
    }
  }
}
