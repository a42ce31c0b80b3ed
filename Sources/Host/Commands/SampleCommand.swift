import ArgumentParser
import Foundation
import PluginAPI

/// `workbench sample`.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw samples from a trained run.",
    discussion: """
      Takes the newest checkpoint of a run, with averaged weights where the run kept an average, \
      and writes one picture: condition, generated and real image of each sample side by side, or \
      generated images alone where nothing that can be shown stands before them. The same run and \
      count give the same picture.

      --files also writes the images, label maps, masks and edges of each sample into a folder, as \
      `workbench tool` takes them: 0-image.png, 0-labels.png, 1-image.png, …
      """)

  @Argument(help: "The run folder, such as runs/aviary-mixed-1.")
  var runFolder: String

  @Option(name: [.short, .long], help: "The number of samples.")
  var count = 16

  @Option(name: [.short, .long], help: "The picture to write; PNG or JPEG by its name.")
  var output = "samples.png"

  @Option(
    help: ArgumentHelp(
      "Also write the samples' images, label maps, masks and edges into this folder.",
      valueName: "folder"))
  var files: String?

  @Option(help: "The step of the checkpoint; the newest when absent.")
  var step: Int?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change a value of the run's experiment, such as dataset.with.folder=PATH. May be repeated.",
      valueName: "path=value"))
  var overrides: [String] = []

  func validate() throws {
    if count < 1 { throw ValidationError("--count \(count) is below 1.") }
  }

  func run() throws {
    try reporting {
      let folder = try RunFolder.recorded(at: runFolder)
      let open = try OpenExperiment(file: folder.experiment, overrides: overrides)
      let networks = try Networks(open.resolution)
      let checkpoints = CheckpointFolder(folder.checkpoints)
      let checkpoint = try checkpoints.load(step: step)
      try TrainingState.restoreForSampling(networks, checkpoint, from: folder.checkpoints)
      let set = try EvaluationSet(networks, count: count)
      try SampleGrid(networks: networks).picture(of: set)
        .write(to: URL(fileURLWithPath: output))
      if let files {
        try SampleFiles(networks: networks).write(set, into: URL(fileURLWithPath: files))
      }
      print("\(output): \(set.count) samples after \(checkpoint.record.step) steps")
    }
  }
}
