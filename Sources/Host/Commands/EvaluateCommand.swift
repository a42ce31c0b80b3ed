import ArgumentParser
import Foundation
import PluginAPI

/// `workbench evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a trained run: its metrics, its speed and its size.",
    discussion: """
      Measures on the validation split, with the newest checkpoint and averaged weights where the \
      run kept an average: the metrics of its experiment and those that --metrics adds, images per \
      second made one at a time, the parameters of generator and encoders, and a hash of the \
      weights of each perceptor. The result is shown and added to evaluation.json in the run \
      folder.

      A metric that looks through a network finds it among the experiment's perceptors, where \
      --set 'perceptors={ similarity: { use: "perceptors/alexnet", weights: "FILE" } }' adds one. \
      --table prints one row under the titles given, such as FID,mCSD,mOCD,LPIPS,FPS,#M.
      """)

  @Argument(help: "The run folder, such as runs/aviary-mixed-1.")
  var runFolder: String

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A metric beside those of the experiment. May be repeated.", valueName: "id")
  )
  var metrics: [String] = []

  @Option(help: "Samples that metrics look at, at most; as the experiment says when absent.")
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "Titles of a table's columns: beginnings of figures' names, FPS, #M.", valueName: "titles"))
  var table: String?

  @Option(help: "Images made to measure the speed.")
  var speed = 20

  @Option(help: "The step of the checkpoint; the newest when absent.")
  var step: Int?

  @Flag(help: "Print JSON.")
  var json = false

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change a value of the run's experiment, such as dataset.with.folder=PATH. May be repeated.",
      valueName: "path=value"))
  var overrides: [String] = []

  func validate() throws {
    if let samples, samples < 1 { throw ValidationError("--samples \(samples) is below 1.") }
    if speed < 1 { throw ValidationError("--speed \(speed) is below 1.") }
  }

  func run() throws {
    try reporting {
      let folder = try RunFolder.recorded(at: runFolder)
      let evaluation = try Evaluation(
        folder, step: step, overrides: overrides, metrics: metrics)
      let line = ProgressLine()
      let result = try evaluation.measure(samples: samples, speed: speed) { line.show($0) }
      line.clear()
      let shown = EvaluationTable(
        name: evaluation.open.resolution.experiment.name, result: result)
      if json {
        print(result.text())
      } else if let table {
        print(
          shown.row(table.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }))
      } else {
        print(shown.lines)
      }
    }
  }
}
