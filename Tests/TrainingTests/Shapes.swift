@testable import Host
import PluginAPI
import TestSupport

/// A tiny dataset: one coloured rectangle on a ground, with its label map. Deterministic.
struct ShapesDataset: Dataset {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Side of the images in pixels.", in: 8...64)
    var side = 32
    @Hyperparameter("Number of samples.", in: 1...1000)
    var count = 12
    @Hyperparameter("Index of a sample that is no number, or -1.", in: -1...1000)
    var broken = -1
  }

  let side: Int
  let total: Int
  let broken: Int

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    side = hyperparameters.side
    total = hyperparameters.count
    broken = hyperparameters.broken
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [
      .image("image", side: hyperparameters.side, role: .target),
      .labelMap("labels", classes: 3, side: hyperparameters.side),
    ]
  }

  func count(of split: Split) -> Int { split == .train ? total : 4 }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample {
    let label = 1 + index % 2
    let start = index % (side / 2)
    let shift = Float(random.next() >> 40) / Float(1 << 24)
    var labels = [Float](repeating: 0, count: side * side)
    var pixels: [Float] = []
    for y in 0..<side {
      for x in 0..<side {
        if (start..<start + side / 2).contains(x), y > side / 4 {
          labels[y * side + x] = Float(label)
        }
        let inside = labels[y * side + x]
        pixels += [inside - 1, 0.5 * inside - 0.5 + 0.1 * shift, index == broken ? .nan : -0.3]
      }
    }
    return [
      "image": Field(pixels, shape: [side, side, 3]), "labels": Field(labels, shape: [side, side]),
    ]
  }
}

/// A dataset that says which sample is which.
struct Ordered: Dataset {
  struct Hyperparameters: HyperparameterSet {}
  let total: Int

  init(count: Int) { total = count }
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) { total = 1 }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] { [] }

  func count(of split: Split) -> Int { total }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample {
    ["index": Field([Float(index)], shape: [])]
  }
}

/// The toy dataset beside the plugins of this package.
enum Workshop {
  static let toys = PluginDescription(
    id: "toys", summary: "Data for tests.",
    components: [.component("shapes", "A rectangle on a ground.", ShapesDataset.self)])

  /// A catalog of the toys and some built plugins, loaded as the host does.
  static func catalog() throws -> Catalog {
    Catalog([
      try PluginUnderTest("Essentials").description,
      try PluginUnderTest("SemanticCGAN").description, toys,
    ])
  }

  /// A small conditional GAN with everything that has state: batch and spectral norm, dropout,
  /// Adam, a moving average, a schedule.
  static let experiment = """
    {
      "name": "shapes", "seed": 7,
      "dataset": { "use": "toys/shapes" },
      "generator": { "use": "semantic-cgan/unet", "with": { "width": 4 } },
      "discriminators": [{ "use": "semantic-cgan/patchgan", "with": { "width": 4, "layers": 1 } }],
      "losses": [
        { "use": "essentials/bce" },
        { "use": "essentials/l1", "weight": { "from": 10, "to": 100, "over": { "steps": 8 } } },
      ],
      "optimizers": {
        "generator": {
          "use": "essentials/adam", "with": { "learningRate": 0.002, "beta1": 0.5 },
          "schedule": {
            "use": "essentials/constant-then-linear-decay",
            "with": { "constant": { "epochs": 1 }, "decay": { "epochs": 2 } },
          },
        },
        "discriminators": { "use": "essentials/adam", "with": { "beta1": 0.5 } },
      },
      "procedure": "essentials/discriminator-first",
      "training": {
        "batchSize": 3, "for": { "steps": 8 }, "average": { "decay": 0.9 },
        "checkpoints": { "keep": 9 },
      },
      "reports": {
        "every": { "steps": 4 }, "samples": 4,
        "metrics": [{ "use": "essentials/l1-error" }, { "use": "essentials/psnr" }],
      },
    }
    """

  /// Trains it in a folder of its own.
  static func train(
    in folder: String, _ overrides: [String] = [], resuming: String? = nil
  ) throws -> RunFolder {
    var root = try JSONValue(parsing: experiment, named: "shapes.json5")
    try JSONOverride.apply(overrides, to: &root)
    let catalog = try catalog()
    let read = try ExperimentReader(procedures: catalog.parsedProcedures()).read(root)
    let resolution = try Resolution(read, with: catalog, root: root)
    let run =
      try resuming.map { try RunFolder(opening: $0) } ?? RunFolder(creating: "shapes", in: folder)
    let loop = try TrainingLoop(resolution, in: run, hash: "test")
    _ = try loop.train(resuming: resuming != nil)
    return run
  }
}
