import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("A trained model as tools see it", .serialized)
struct ModelTests {
  static func experiment(
    _ more: String = "", reports: String = "", generatorMore: String = ""
  ) -> String {
    """
    {
      "dataset": { "use": "tiny/stripes" }, \(more)
      "encoders": { "style": { "use": "tiny/stripes-encoder" } },
      "generator": { "use": "tiny/stripes-generator"\(generatorMore) },
      "discriminators": [],
      "losses": [{ "use": "essentials/l1" }],
      "optimizers": { "g": { "use": "essentials/sgd", "with": { "learningRate": 0.1 } } },
      "procedure": { "phases": [
        { "name": "g", "updates": ["generator", "encoders"], "optimizer": "g", "losses": "generator" } ] },
      "training": { "batchSize": 2, "for": { "steps": 1 } },
      "reports": { "every": { "steps": 100 }, "samples": 2 \(reports) },
    }
    """
  }

  private let labels = Tensor((0..<4).flatMap { _ in StripedData.row }, [1, 4, 4])

  private func model() throws -> LoadedModel {
    try LoadedModel(Networks(TinyRun.resolved(Self.experiment())))
  }

  @Test("Its ports are those that its networks are bound to; without the dataset being built")
  func ports() throws {
    let resolution = try TinyRun.resolved(Self.experiment())
    let needed = ModelParts.needed(by: resolution)
    #expect(needed == ["generator", "encoders.style"])
    let model = try LoadedModel(Networks(resolution, only: needed))
    #expect(model.name == "tiny/stripes-generator")
    #expect(model.conditions.map(\.name) == ["labels"])
    #expect(model.latents.map(\.description) == ["latent(channels: 3, groups: 3, side: 1)"])
    #expect(model.encodedFields.map(\.name) == ["image", "labels"])
    #expect(model.image["height"] == 4)
    #expect(try model.classLatent().classes == 3)
  }

  @Test("An encoded sample is the posterior's mean, and generated from it is what it was")
  func encodes() throws {
    let model = try model()
    let image = Tensor((0..<4).flatMap { _ in [0.25, 0.25, 0.5, -0.5] as [Float] }, [1, 4, 4, 1])
    let fields: Values = ["image": image.broadcast(to: [1, 4, 4, 3]), "labels": labels]
    let code = model.encoded(fields)["z"]
    #expect(code.scalars() == [0.5, 1, -1])
    let again = model.generated(from: ["labels": labels], ["z": code], seed: 3)
    #expect(again.scalars() == image.broadcast(to: [1, 4, 4, 3]).scalars())
    #expect(!again.requiresGradient)
  }

  @Test("Draws follow from the seed; what is not given is drawn so; batches are their samples")
  func draws() throws {
    let model = try model()
    let one: Values = ["labels": labels]
    let first = model.drawn(1, for: one, seed: 7)["z"]
    #expect(first.scalars() == model.drawn(1, for: one, seed: 7)["z"].scalars())
    #expect(first.scalars() != model.drawn(1, for: one, seed: 8)["z"].scalars())
    let image = model.generated(from: one, [:], seed: 7)
    #expect(image.scalars() == model.generated(from: one, ["z": first], seed: 99).scalars())

    // More than go through the networks at once.
    let count = 19
    let many = one.map { $1.repeated(count, axis: 0) }
    let codes = model.drawn(count, for: many, seed: 1)
    let images = model.generated(from: many, codes, seed: 0)
    #expect(images.shape == [count, 4, 4, 3])
    for index in [0, 8, 18] {
      let code = codes.map { $1.sliced(axis: 0, from: index, to: index + 1) }
      let single = model.generated(from: one, code, seed: 0)
      #expect(images.sliced(axis: 0, from: index, to: index + 1).scalars() == single.scalars())
    }
  }

  @Test("A run's folder gives the trained weights")
  func run() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: "tiny", in: folder.path)
    let resolution = try TinyRun.resolved(Self.experiment())
    _ = try TrainingLoop(resolution, in: run, hash: "tiny").train(resuming: false)
    let model = try LoadedModel.trained(resolution, in: run)
    let saved = try CheckpointFolder(run.checkpoints).load()["networks"]
    let weight = try #require(saved["generator.weight"]).item()
    #expect(weight != 0.5)
    let code = Tensor([1, 1, 1], [1, 1, 1, 3])
    let image = model.generated(from: ["labels": labels], ["z": code], seed: 0)
    #expect(image.scalars().allSatisfy { $0 == weight })
  }

  @Test("An experiment file needs weights for its generator; an encoder without any is not used")
  func weights() throws {
    let bare = try TinyRun.resolved(Self.experiment())
    let error = #expect(throws: ConfigurationError.self) {
      try LoadedModel.described(by: bare, in: "my.json")
    }
    #expect(
      error?.message == "my.json: generator tiny/stripes-generator says no weights, so there is no "
        + "trained model. Give a run folder, or say where they are: --set generator.weights=FILE")
    let folder = try TemporaryFolder()
    try SafetensorsWriter.write(["weight": Tensor([3], [1])], to: folder.file("g.safetensors"))
    let with = try TinyRun.resolved(
      Self.experiment(generatorMore: #", "weights": "\#(folder.file("g.safetensors"))""#))
    let model = try LoadedModel.described(by: with, in: "my.json")
    #expect(model.encodedFields.isEmpty)
    #expect(model.latents.map(\.name) == ["z"])
    let code = Tensor([1, 1, 1], [1, 1, 1, 3])
    let image = model.generated(from: ["labels": labels], ["z": code], seed: 0)
    #expect(image.scalars().allSatisfy { $0 == 3 })
  }

  @Test("A model without codes of classes says which generators have them")
  func others() throws {
    let text = """
      {
        "dataset": { "use": "tiny/data" }, "latent": { "use": "essentials/normal", "with": { "size": 1 } },
        "generator": { "use": "tiny/generator" }, "discriminators": [],
        "losses": [{ "use": "essentials/l1" }],
        "optimizers": { "g": { "use": "essentials/sgd" } },
        "procedure": { "phases": [
          { "name": "g", "updates": ["generator"], "optimizer": "g", "losses": "generator" } ] },
      }
      """
    let model = try LoadedModel(Networks(TinyRun.resolved(text)))
    #expect(model.conditions.map(\.name) == ["sentence"])
    #expect(model.encodedFields.isEmpty)
    let error = #expect(throws: ConfigurationError.self) { try model.classLatent() }
    #expect(
      error?.message == "tiny/generator has no code for each class: its latents are z latent(size: "
        + "1). A generator is needed whose latent has as many groups as its label map has "
        + "classes; of those loaded these have one: tiny/stripes-generator")
    // Latents of a prior are drawn as well.
    #expect(model.drawn(2, for: ["sentence": .zeros([2, 1])], seed: 1)["z"].shape == [2, 1])
  }
}
