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
      run kept an average: the metrics of its experiment and those that --metrics or a table adds, \
      images per second made one at a time, and the parameters of generator and encoders. The \
      result is shown and added to evaluation.json in the run folder; each figure names the network \
      that it was seen through, with a hash of its weights.

      --table prints one row. A table that a plugin ships (workbench list table) brings its metrics \
      and the perceptors they look through, --set perceptors.features.weights=FILE their weights; \
      titles such as FID,mCSD,FPS,#M show what is measured anyhow.

      A perceptor without weights that the workbench can train, such as perceptors/segmenter, is \
      trained on the dataset's training split first, in a run folder beside this one that later \
      evaluations on the same data use again. Of others a warning is given.
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
      "A table that a plugin ships, or a plugin's id for its first; or titles: beginnings of figures' names, FPS, #M.",
      valueName: "table or titles"))
  var table: String?

  @Option(
    help: ArgumentHelp(
      "Images that a perceptor without weights is trained on; 0 leaves it as it was drawn. As it says itself when absent.",
      valueName: "images"))
  var pretrain: Int?

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
    if let pretrain, pretrain < 0 { throw ValidationError("--pretrain \(pretrain) is below 0.") }
    if speed < 1 { throw ValidationError("--speed \(speed) is below 1.") }
  }

  func run() throws {
    try reporting {
      let folder = try RunFolder.recorded(at: runFolder)
      let plugins = PluginCatalog()
      let request = try table.map { text in
        try plugins.using { try TableRequest(text, in: Catalog($0)) }
      }
      var experiment = try EvaluatedExperiment(
        folder, overrides: overrides, metrics: metrics, table: request?.table, plugins: plugins)
      try experiment.pretrain(in: AtomicFile.split(folder.path).folder, images: pretrain)
      let evaluation = try Evaluation(folder, experiment, step: step)
      let line = ProgressLine()
      let result = try evaluation.measure(
        samples: samples, speed: speed, named: { try request?.check($0) }
      ) { line.show($0) }
      line.clear()
      let shown = EvaluationTable(
        name: experiment.open.resolution.experiment.name, result: result)
      if json {
        print(result.text())
      } else if let request {
        print(shown.row(request))
      } else {
        print(shown.lines)
      }
    }
  }
}
