import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// The papers' set-ups, with networks of few channels, for one step and a sheet of samples: that data, networks,
/// losses and order of updates go together.
@Suite("Published set-ups train for a step", .serialized)
struct SetupTests {
  /// One step on one sample, and a sheet of another.
  private static let short = [
    "training.batchSize=1", "training.for={ steps: 1 }",
    "reports={ every: { steps: 1 }, samples: 1, metricSamples: 1 }",
  ]
  /// In place of VGG-19, whose weights are not there, and smaller.
  private static let eyes = ["perceptors.vgg={ use: \"perceptors/alexnet\" }"]

  /// Trains an example and expects numbers under these names, and a sheet of samples.
  private func train(
    _ example: String, _ settings: [String], losses: [String], in workbench: Workbench
  ) throws {
    let changes = (settings + Self.short).flatMap { ["--set", $0] }
    let result = try workbench.run(["train", "\(root)/Examples/\(example).json"] + changes)
    try #require(result.status == 0, "\(result.output)")
    let name = try #require(example.split(separator: "/").last)
    let run = workbench.folder.file("runs/\(name)-1")
    let reports = try JSONLines.read("\(run)/statistics.jsonl").compactMap { $0["losses"] }
    for loss in losses {
      let found = reports.compactMap { $0[loss]?.doubleValue }
      #expect(!found.isEmpty && found.allSatisfy(\.isFinite), "\(loss)")
    }
    let sheets = try FileManager.default.contentsOfDirectory(atPath: "\(run)/samples")
    #expect(sheets.contains { $0.hasSuffix(".png") })
  }

  private func link(_ workbench: Workbench, _ path: String, to file: String) throws {
    let link = workbench.folder.file(path)
    try FileManager.default.createDirectory(
      at: URL(filePath: link).deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
  }

  /// Cityscapes' real samples, six to train and two to validate with.
  private func cityscapes(in workbench: Workbench) throws {
    let shared = SharedData.path("cityscapes")
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(shared)/train_img").sorted()
    for (index, name) in names.enumerated() {
      let key = name.replacing("_leftImg8bit.png", with: "")
      let split = index < 6 ? "train" : "val"
      try link(
        workbench, "streets/leftImg8bit/\(split)/a/\(name)", to: "\(shared)/train_img/\(name)")
      for (kind, flat) in [("labelIds", "train_label"), ("instanceIds", "train_inst")] {
        let map = "\(key)_gtFine_\(kind).png"
        try link(workbench, "streets/gtFine/\(split)/a/\(map)", to: "\(shared)/\(flat)/\(map)")
      }
    }
  }

  @Test(
    "On real streets of Cityscapes",
    .enabled(if: SharedData.has("cityscapes"), "no ../shared/data/cityscapes"),
    arguments: [
      (
        "smis-cityscapes",
        [
          "encoders.style.with.width=1", "generator.with.width=1", "generator.with.hidden=2",
          "discriminators.0.with.width=2",
        ],
        ["generator/hinge", "generator/feature-matching", "generator/kl", "discriminator/hinge"]
      ),
      (
        "spade-cityscapes",
        ["generator.with.width=1", "generator.with.hidden=2", "discriminators.0.with.width=2"],
        ["generator/hinge", "generator/perceptual", "discriminator/hinge"]
      ),
      (
        "sem-disc",
        [
          "generator.with.width=1", "generator.with.hidden=2",
          "discriminators.0.with.backbone={ use: \"semantic-cgan/multiscale\", "
            + "with: { width: 2, norm: \"spectral\", condition: null } }",
          "stages.0.training={ batchSize: 1, for: { steps: 1 } }",
        ],
        [
          "generator/class-weighted", "generator/segmentation-fake",
          "generator/reconstruction-fake", "discriminator/segmentation-real",
          "discriminator/reconstruction-real", "discriminator/class-weighted",
        ]
      ),
      (
        "pix2pixhd",
        [
          "generator.with.width=1", "generator.with.blocks=1", "discriminators.0.with.width=2",
        ],
        [
          "generator/least-squares", "generator/feature-matching", "generator/perceptual",
          "discriminator/least-squares",
        ]
      ),
    ] as [(String, [String], [String])])
  func streets(_ example: String, _ settings: [String], _ losses: [String]) throws {
    let workbench = try Workbench()
    try cityscapes(in: workbench)
    let data = ["dataset.with.folder=streets", "dataset.with.height=64"]
    try train(
      "published/\(example)", data + Self.eyes + settings, losses: losses, in: workbench)
  }

  @Test(
    "On real scenes of ADE20K", .enabled(if: SharedData.has("ade20k"), "no ../shared/data/ade20k"))
  func scenes() throws {
    let workbench = try Workbench()
    let shared = SharedData.path("ade20k")
    // The samples are of the validation split: two of them train.
    for (number, split) in [(1, "train"), (2, "train"), (3, "val")] {
      for (folder, ending) in [("images", "jpg"), ("annotations", "png")] {
        try link(
          workbench, "scenes/\(folder)/ADE_\(split)_0000000\(number).\(ending)",
          to: "\(shared)/\(folder)/validation/ADE_val_0000000\(number).\(ending)")
      }
    }
    try train(
      "published/smis-ade20k",
      [
        "dataset.with={ folder: \"scenes\", side: 64 }", "encoders.style.with.width=1",
        "generator.with.width=1", "generator.with.hidden=2",
        "discriminators.0.with={ width: 2 }",
      ] + Self.eyes,
      losses: ["generator/hinge", "generator/perceptual", "generator/kl", "discriminator/hinge"],
      in: workbench)
  }

  @Test("SPADE with one code for the image, on painted birds")
  func variational() throws {
    try train(
      "published/vspade-deepfashion",
      [
        "dataset={ use: \"aviary/birds\", with: { side: 64 } }",
        "encoders.style.with={ width: 2 }", "generator.with={ width: 1, hidden: 2 }",
        "discriminators.0.with={ width: 2 }",
      ] + Self.eyes,
      losses: ["generator/hinge", "generator/kl", "discriminator/hinge"], in: Workbench())
  }

  @Test("Deformable GAN with the nearest-neighbour loss, in the layout of Market-1501")
  func market() throws {
    let workbench = try Workbench()
    let y = [15, 28, 30, 48, 64, 30, 48, 64, 66, 90, 114, 66, 90, 114, 12, 12, 14, 14]
    let x = [32, 32, 22, 18, 16, 42, 46, 48, 26, 25, 24, 38, 39, 40, 30, 34, 27, 37]
    for (split, persons) in [("train", 1...2), ("test", 3...4)] {
      var table = "name:keypoints_y:keypoints_x\n"
      let folder = workbench.folder.file("market/market-dataset/\(split)")
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      for person in persons {
        for view in 1...2 {
          let name = "000\(person)_c\(view)s1_00000\(view)_00.jpg"
          let moved = x.map { $0 + 2 * view }
          table += "\(name): \(y): \(moved)\n"
          var picture = Image(height: 128, width: 64, color: RGB(90, 90, 90))
          picture.fill(
            top: 20, left: 14 + 2 * view, height: 96, width: 32,
            with: RGB(UInt8(50 * person), 120, 60))
          try picture.jpeg().write(to: URL(filePath: "\(folder)/\(name)"))
        }
      }
      try workbench.folder.file("market/market-annotation-\(split).csv", table)
    }
    try train(
      "published/deformable-market",
      [
        "dataset.with={ folder: \"market\", testPairs: 2 }", "generator.with={ width: 2 }",
        "discriminators.0.with={ width: 2 }",
        "perceptors.vgg={ use: \"perceptors/vgg19\", "
          + "with: { layers: [3], normalization: \"caffe-swapped\" } }",
      ],
      losses: ["discriminator/log-loss", "generator/log-loss", "generator/nearest-neighbour"],
      in: workbench)
  }

  @Test("Semantic guidance on photographs of house fronts, after a stage for the segmenter")
  func facades() throws {
    let workbench = try Workbench()
    try Facades.write(in: workbench.path, side: 32)
    try train(
      "facades-semantic",
      [
        "dataset.with={ folder: \"data\", side: 32 }", "generator.with={ width: 2 }",
        "discriminators.0.with.backbone.with={ width: 2, layers: 1 }",
        "perceptors.segmenter.with.width=4",
        "stages.0.training={ batchSize: 2, for: { steps: 1 } }",
      ],
      losses: [
        "segmenter/segmentation", "discriminator/class-weighted", "generator/class-weighted",
        "generator/semantic-perceptual",
      ], in: workbench)
  }

  @Test("Features of instances reach a generator, and learn with it")
  func instances() throws {
    let text = """
      {
        "name": "instances", "seed": 1,
        "dataset": { "use": "aviary/birds", "with": { "side": 32 } },
        "encoders": {
          "style": { "use": "semantic-cgan/instance-features", "with": { "width": 2, "halvings": 2 } },
        },
        "generator": {
          "use": "semantic-cgan/local-enhancer",
          "with": {
            "width": 2, "halvings": 1, "blocks": 1, "localBlocks": 1, "features": 3,
            "condition": "labelsAndEdges",
          },
        },
        "discriminators": [
          { "use": "semantic-cgan/multiscale", "with": { "width": 2, "condition": "labelsAndEdges" } },
        ],
        "losses": [{ "use": "essentials/least-squares" }, { "use": "essentials/l1", "weight": 10 }],
        "optimizers": {
          "generator": { "use": "essentials/adam" }, "discriminators": { "use": "essentials/adam" },
        },
        "procedure": "essentials/generator-first",
        "training": { "batchSize": 2, "for": { "steps": 1 } },
        "reports": { "samples": 2 },
      }
      """
    let workbench = try Workbench()
    try workbench.folder.file("instances.json", text)
    for rate in ["1e-2", "1e-30"] {
      let result = try workbench(
        "train", "instances.json", "--set", "optimizers.generator.with={ learningRate: \(rate) }")
      try #require(result.status == 0, "\(result.output)")
    }
    let weights = try (1...2).map { number in
      try CheckpointFolder(workbench.folder.file("runs/instances-\(number)/checkpoints"))
        .load()["networks"].filter { $0.key.hasPrefix("encoders.style.") }
    }
    #expect(!weights[0].isEmpty)
    // Biases before a norm learn nothing.
    let moved = weights[0].filter { $0.value.scalars() != weights[1][$0.key]?.scalars() }
    #expect(moved.count * 3 >= weights[0].count, "\(moved.keys.sorted())")
  }
}
