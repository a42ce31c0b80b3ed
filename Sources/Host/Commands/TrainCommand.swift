import ArgumentParser
import Foundation
import PluginAPI

/// `workbench train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train an experiment and leave a run folder with samples, figures and checkpoints.",
    discussion: """
      The experiment is checked completely before any data is read. Everything a run makes lies in \
      a folder of its own, runs/<name>-<n>:

        experiment.json    the file with every default filled in, and the plugins it used
        samples/           a grid of fixed samples at each report; open the last one
        statistics.jsonl   losses, gradient norms and speed, one line a report
        metrics.jsonl      the metrics at the end
        checkpoints/       all that is needed to go on

      Ctrl-C stops after the current step and keeps it. --resume goes on exactly as if the run had \
      never stopped.
      """)

  @OptionGroup var experiment: ExperimentArguments

  @Option(
    help: ArgumentHelp("Go on with a run from its newest checkpoint.", valueName: "run folder"))
  var resume: String?

  func run() throws {
    try reporting {
      if let resume {
        try self.resume(resume)
      } else {
        try start()
      }
    }
  }

  private func start() throws {
    let open = try experiment.open()
    print(ResolutionTable(open.resolution).text)
    let run = try RunFolder(
      creating: open.resolution.experiment.name, in: open.resolution.experiment.output)
    let record = RunRecord(open)
    try AtomicFile.write(record.tree.text() + "\n", to: run.experiment)
    try train(open, in: run, hash: record.hash, resuming: false)
  }

  private func resume(_ path: String) throws {
    let run = try RunFolder(opening: path)
    guard let data = FileManager.default.contents(atPath: run.experiment) else {
      throw FileError.absent(path: run.experiment)
    }
    var root = try JSONValue(SourceText(bytes: Array(data), name: run.experiment))
    try JSONOverride.apply(experiment.overrides, to: &root)
    let open = try OpenExperiment(root)
    for change in RunRecord.changedPlugins(in: root, open.registry) {
      complain("warning: \(change)")
    }
    try train(open, in: run, hash: RunRecord(open).hash, resuming: true)
  }

  private func train(
    _ open: OpenExperiment, in run: RunFolder, hash: String, resuming: Bool
  ) throws {
    let loop = try TrainingLoop(open.resolution, in: run, hash: hash)
    print("\(resuming ? "Going on in" : "Training in") \(run.path)\n\(loop.summary)\n")
    let ending = try loop.train(resuming: resuming)
    guard ending == .finished else {
      throw ExitCode(130)
    }
    let last = loop.lastSamples.map { "\nLook at \($0)" } ?? ""
    print("\nDone: \(run.path)\(last)")
  }
}
