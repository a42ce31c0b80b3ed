import PluginAPI
import TestSupport
import Testing

@testable import Host

/// The two samples of semantic_step.safetensors.
private struct RecordedPairs: Dataset {
  let samples: [Sample]

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", side: 32, role: .target), .labelMap("labels", classes: 3, side: 32)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) throws {
    let file = try Fixture.load("semantic_step")
    let small = try file.tensor("labels").expandedDims(3)
    let labels = upsampleNearest(small, factor: 4).squeezed(3).scalars()
    let images = try file.tensor("real").scalars()
    samples = (0..<2).map { index in
      let (label, pixel) = (index * 32 * 32, index * 32 * 32 * 3)
      return [
        "image": Field(Array(images[pixel..<(pixel + 32 * 32 * 3)]), shape: [32, 32, 3]),
        "labels": Field(Array(labels[label..<(label + 32 * 32)]), shape: [32, 32]),
      ]
    }
  }

  func count(of split: Split) -> Int { samples.count }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample {
    samples[index]
  }
}

@Suite("Whole steps of the semantically guided U-Net against PyTorch")
struct SemanticStepTests {
  /// What comparisons are noted under.
  private static let subject = "guided and semantic-perceptual, whole steps"
  private let lossTolerance: Float = 1e-4
  private let changeTolerance: Float = 1e-3

  private let experiment = """
    {
      "name": "semantic-step", "seed": 1,
      "dataset": { "use": "recorded/pairs" },
      "perceptors": {
        "segmenter": { "use": "perceptors/segmenter", "with": { "classes": 3, "width": 4 } },
      },
      "generator": { "use": "semantic-cgan/unet", "with": { "width": 1, "dropout": 0 } },
      "discriminators": [
        {
          "use": "semantic-cgan/guided",
          "with": {
            "backbone": { "use": "semantic-cgan/patchgan", "with": { "width": 1 } },
          },
        },
      ],
      "losses": [
        { "use": "semantic-cgan/class-weighted", "weight": 4, "with": { "discriminatorWeight": 0.5 } },
        {
          "use": "semantic-cgan/semantic-perceptual", "weight": 10,
          "with": { "network": "perceptors.segmenter" },
        },
      ],
      "optimizers": {
        "generator": { "use": "essentials/sgd", "with": { "learningRate": 0.5 } },
        "discriminators": { "use": "essentials/sgd", "with": { "learningRate": 0.5 } },
      },
      "procedure": "essentials/discriminator-first",
      "training": { "batchSize": 2, "for": { "steps": 3 } },
    }
    """

  /// The networks with the recorded weights, and what runs their steps.
  private struct Run {
    let runner: StageRunner
    let loader: BatchLoader
    let generator: PublishedWeights
    let discriminator: PublishedWeights

    /// Runs a step and gives D's loss, G's adversarial term and the distance.
    func step(_ number: Int) throws -> Tensor {
      let progress = TrainingProgress(step: number, images: 2 * number, epoch: number)
      let outcome = try runner.step(progress, from: loader, isReport: false)
      return .stacked(outcome.phases.flatMap { $0.terms.map(\.value) }, axis: 0)
    }
  }

  /// The experiment with some settings changed, and its networks.
  private func built(_ overrides: [String]) throws -> (experiment: Experiment, Networks) {
    let recorded = PluginDescription(
      id: "recorded", summary: "Samples of a fixture.",
      components: [.component("pairs", "Two samples.", RecordedPairs.self)])
    let names = ["Essentials", "Perceptors", "SemanticCGAN"]
    let catalog = Catalog(try names.map { try PluginUnderTest($0).description } + [recorded])
    var root = try JSONValue(parsing: experiment, named: "step.json5")
    try JSONOverride.apply(overrides, to: &root)
    let read = try ExperimentReader(procedures: catalog.parsedProcedures()).read(root)
    return (read, try Networks(Resolution(read, with: catalog, root: root)))
  }

  private func runner(_ experiment: Experiment, _ networks: Networks) -> StageRunner {
    StageRunner(
      networks, losses: experiment.losses, optimizers: experiment.optimizers,
      procedure: experiment.procedure, batchSize: 2, batchesPerEpoch: 1)
  }

  private func loader(_ networks: Networks) throws -> BatchLoader {
    try BatchLoader(
      networks.part("dataset", as: (any Dataset).self), split: .train, batchSize: 2, seed: 1)
  }

  private func run(_ overrides: [String] = []) throws -> Run {
    let (experiment, networks) = try built(overrides)
    let file = try Fixture.load("semantic_step")
    func load(_ path: String, _ prefix: String) throws -> PublishedWeights {
      let network = networks.part(path, as: (any Module).self)
      let own = network.namedParameters.map(\.path) + network.namedBuffers.map(\.path)
      let names =
        (network as? any Importable)?.publishedNames
        ?? Dictionary(uniqueKeysWithValues: own.map { ($0, $0) })
      return try PublishedWeights(network, names, file, prefix, of: Self.subject)
    }
    _ = try load("perceptors.segmenter", "T")
    return Run(
      runner: runner(experiment, networks), loader: try loader(networks),
      generator: try load("generator", "G"), discriminator: try load("discriminators.0", "D"))
  }

  @Test("One step of gradient descent changes each parameter of both networks as there")
  func gradientDescent() throws {
    let run = try run()
    let file = run.generator.file
    let before = [run.generator, run.discriminator].map(\.values)
    expectClose(
      try run.step(0), try file.tensor("sgd.losses"), tolerance: lossTolerance, of: Self.subject)
    for (weights, before) in zip([run.generator, run.discriminator], before) {
      for ((path, parameter), old) in zip(weights.network.namedParameters, before) {
        let name = try weights.name(path)
        expectClose(
          parameter.value - old, try file.tensor("\(weights.prefix).change.\(name)"),
          tolerance: changeTolerance, "\(weights.prefix).\(name)", of: Self.subject)
      }
      try weights.expectBuffers(tolerance: lossTolerance)
    }
  }

  /// Numbers for a discriminator of three classes, as a published file has them, by their names there.
  private func published(
    _ network: any Importable, rows: Int?
  ) throws -> [String: Tensor] {
    let shapes =
      network.namedParameters.map { ($0.path, $0.parameter.shape) }
      + network.namedBuffers.map { ($0.path, $0.buffer.shape) }
    return try Dictionary(
      uniqueKeysWithValues: shapes.map { path, shape in
        let name = try #require(network.publishedNames[path])
        let isHead = name.hasPrefix("model.11.")
        return (
          name,
          HashedNumbers.tensor(
            name, isHead && rows != nil ? [rows ?? 1] + shape.dropFirst() : shape)
        )
      })
  }

  @Test("A guided discriminator begins with a published one: all of its head, or the last row")
  func published() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("published.safetensors")
    let head = "discriminators.0.backbone.patches.head.weight"
    for rows in [nil, 1, 2] as [Int?] {
      let (_, networks) = try built(["discriminators.0.weights=\(path)"])
      let network = networks.part("discriminators.0", as: (any Discriminator & Importable).self)
      let file = try published(network, rows: rows)
      try SafetensorsWriter.write(file, metadata: [:], to: path)
      func value(_ path: String) throws -> Tensor {
        try #require(networks.parameters.first { $0.path == path }?.parameter.value)
      }
      let drawn = try value(head)
      #expect(drawn.shape == [4, 8, 4, 4])
      if rows == 2 {
        #expect(throws: WeightNamesError.self) { try WeightsLoading.load(into: networks) }
        continue
      }
      try WeightsLoading.load(into: networks)
      let (found, given) = (try value(head), try #require(file["model.11.weight"]))
      let own = drawn.sliced(axis: 0, from: 0, to: 3)
      let expected = rows == nil ? given.scalars() : own.scalars() + given.scalars()
      #expect(found.scalars() == expected)
      #expect(
        try value("discriminators.0.backbone.patches.steps.0.conv.weight").scalars()
          == file["model.0.weight"]?.scalars())
      var names = WeightNames(network.publishedNames)
      names.byLastRow = network.importableByLastRow
      let notes = try names.read(
        WeightsFile(path), shapes: WeightsConversion.shapes(network)
      ).notes
      let word = "the last row alone of backbone.patches.head.bias, backbone.patches.head.weight"
      #expect(notes.contains { $0.hasPrefix(word) } == (rows == 1))
      // Without the will to draw the rest, as `weights import` reads, the file is refused.
      if rows == 1 {
        #expect(throws: WeightNamesError.self) {
          try WeightNames(network as any Importable).read(
            WeightsFile(path), shapes: WeightsConversion.shapes(network))
        }
      }
    }
  }

  @Test("Three steps of Adam at the published settings take the same way")
  func adam() throws {
    let adam = "={use: \"essentials/adam\", with: {learningRate: 2e-4, beta1: 0.5, beta2: 0.999}}"
    let run = try run(["optimizers.generator", "optimizers.discriminators"].map { $0 + adam })
    let file = run.generator.file
    let before = [run.generator, run.discriminator].map(\.values)
    for step in 0..<3 {
      expectClose(
        try run.step(step), try file.tensor("adam.losses.\(step)"), tolerance: lossTolerance,
        of: Self.subject)
    }
    for (weights, before) in zip([run.generator, run.discriminator], before) {
      for ((path, parameter), old) in zip(weights.network.namedParameters, before) {
        let name = "\(weights.prefix).moved.\(try weights.name(path))"
        guard let moved = try? file.tensor(name) else { continue }
        // Where a gradient is nearly zero, rounding decides the direction of Adam's first step.
        expectClose((parameter.value - old).norm(), moved, tolerance: 1e-2, name, of: Self.subject)
      }
    }
  }

  @Test("A discriminator that segments and reconstructs takes a step with the losses of its heads")
  func semDisc() throws {
    let head = { (name: String, look: String, side: String) in
      "{use: \"semantic-cgan/\(name)\", name: \"\(name)-\(look)\", "
        + "with: {look: \"\(look)\", side: \"\(side)\"}}"
    }
    let heads = ["segmentation", "reconstruction"].flatMap {
      [head($0, "real", "discriminator"), head($0, "fake", "generator")]
    }
    let (experiment, networks) = try built([
      "discriminators=[{use: \"semantic-cgan/sem-disc\", with: {backbone: {use: "
        + "\"semantic-cgan/multiscale\", with: {width: 1, norm: \"spectral\", condition: null}}}}]",
      "losses=[{use: \"semantic-cgan/class-weighted\", weight: 3}, "
        + heads.joined(separator: ", ") + "]",
    ])
    let outcome = try runner(experiment, networks).step(
      TrainingProgress(step: 0, images: 0, epoch: 0), from: try loader(networks), isReport: false)
    let terms = outcome.phases.map { $0.terms.map(\.name) }
    #expect(
      terms == [
        ["class-weighted", "segmentation-real", "reconstruction-real"],
        ["class-weighted", "segmentation-fake", "reconstruction-fake"],
      ])
    for phase in outcome.phases {
      for term in phase.terms { #expect(term.value.item().isFinite, "\(term.name)") }
    }
  }
}
