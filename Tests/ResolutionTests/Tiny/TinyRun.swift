import Foundation
import PluginAPI
import TestSupport

@testable import Host

/// Runs of tiny networks, step by step, as the training loop runs them.
struct TinyRun {
  let networks: Networks
  let runner: StageRunner

  static let plugin = PluginDescription(
    id: "tiny", summary: "Networks of one weight.",
    components: [
      .component("data", "Tagged images.", TinyData.self),
      .component("encoder", "z of an image.", TinyEncoder.self),
      .component("generator", "An image of z.", TinyGenerator.self),
      .component("discriminator", "Trunk and head.", TinyDiscriminator.self),
      .component("perceptor", "One weight.", TinyPerceptor.self),
      .component("game", "With mismatched pairs.", TinyGame.self),
      .component("penalty", "Of slopes.", TinyPenalty.self),
      .component("regression", "Of z.", TinyRegression.self),
      .component("difference", "Of two latents.", TinyDifference.self),
      .component("perceptual", "Through a perceptor.", TinyPerceptual.self),
      .component("stripes", "Stripes of three classes.", StripedData.self),
      .component("stripes-encoder", "A code a class.", StripedEncoder.self),
      .component("stripes-generator", "A brightness a class.", StripedGenerator.self),
      .component("sight", "The image itself.", PlainSight.self),
    ])

  /// An experiment's text, resolved with the tiny components and the essentials.
  ///
  /// - Throws: `Diagnostics` with every fault.
  static func resolved(_ text: String) throws -> Resolution {
    let catalog = Catalog(
      try [StubCatalog.essentials, StubCatalog.perceptors].map { try $0.get().description }
        + [plugin])
    let root = try JSONValue(parsing: text, named: "tiny.json5")
    let reader = ExperimentReader(procedures: try catalog.parsedProcedures())
    return try Resolution(try reader.read(root), with: catalog, root: root)
  }

  /// Trains an experiment with the training loop, and returns what networks were asked.
  ///
  /// - Throws: whatever keeps it from training.
  static func calls(_ text: String) throws -> [String] {
    CallLog.clear()
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: "tiny", in: folder.path)
    _ = try TrainingLoop(try resolved(text), in: run, hash: "tiny").train(resuming: false)
    return CallLog.lines
  }

  /// Builds the networks of an experiment; steps are run by hand.
  ///
  /// - Throws: `Diagnostics` with every fault.
  init(_ text: String) throws {
    let resolution = try Self.resolved(text)
    networks = try Networks(resolution)
    let experiment = resolution.experiment
    runner = StageRunner(
      networks, losses: experiment.losses, optimizers: experiment.optimizers,
      procedure: experiment.procedure, batchSize: 2, batchesPerEpoch: 4)
    CallLog.clear()
  }

  /// Runs a step on the samples of these tags; returns what changed in each phase, by path.
  func step(_ number: Int = 0, tags: [Float] = [3, 5], other: [Float] = [7, 2]) -> [[String]] {
    run(number, tags: tags, other: other) { place, values, progress in
      let before = weights
      _ = runner.run(place, values, at: progress, isReport: false)
      return weights.filter { before[$0.key] != $0.value }.keys.sorted()
    }
  }

  /// Runs a step; returns the norm of each phase's gradients.
  func gradientNorms() -> [Float?] {
    run(0, tags: [3, 5], other: [7, 2]) { place, values, progress in
      runner.run(place, values, at: progress, isReport: true).update.gradientNorm
    }
  }

  private func run<Found>(
    _ number: Int, tags: [Float], other: [Float],
    _ phase: (Int, StepValues, TrainingProgress) -> Found
  ) -> [Found] {
    let values = StepValues(
      networks, batch: batch(tags), mode: StepValues.Mode(step: number))
    values.other = StepValues(networks, batch: batch(other), mode: values.mode)
    let progress = TrainingProgress(step: number, images: 2 * number, epoch: 0)
    runner.begin(number)
    return runner.procedure.phases.enumerated().filter { runner.runs($0.element, in: number) }.map {
      phase($0.offset, values, progress)
    }
  }

  /// Every weight by its path.
  var weights: [String: Float] {
    Dictionary(
      uniqueKeysWithValues: networks.parameters.map { ($0.path, $0.parameter.value.item()) })
  }

  private func batch(_ tags: [Float]) -> Values {
    [
      "image": Tensor(tags.flatMap { Array(repeating: $0, count: 12) }, [tags.count, 2, 2, 3]),
      "sentence": Tensor(tags, [tags.count, 1]),
    ]
  }
}
