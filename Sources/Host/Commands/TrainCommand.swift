import ArgumentParser
import Foundation
import PluginAPI
import Tensor

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

      Ctrl-C stops after the current step and keeps it; a second one stops at once. --resume goes on \
      exactly as if the run had never stopped, whatever stopped it. What decides the numbers may not \
      change then; how long to go on may: --resume runs/my-1 --set training.for={epochs: 9}.
      """)

  @OptionGroup var experiment: ExperimentArguments

  @Option(
    help: ArgumentHelp("Go on with a run from its newest checkpoint.", valueName: "run folder"))
  var resume: String?

  @Flag(help: "Refuse to go on under plugins other than those the run began with.")
  var strict = false

  func validate() throws {
    if strict, resume == nil { throw ValidationError("--strict goes with --resume.") }
    if let file = experiment.file, let resume {
      throw ValidationError(
        "--resume goes on with the experiment recorded in \(resume), so \(file) would not be read; "
          + "leave it out, and change values by --set.")
    }
  }

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
    try Networks.check(open.resolution, in: open.root)
    print(ResolutionTable(open.resolution).text)
    let run = try RunFolder(
      creating: open.resolution.experiment.name, in: open.resolution.experiment.output)
    let record = RunRecord(open)
    do {
      try AtomicFile.write(record.tree.text() + "\n", to: run.experiment)
      try train(open, record, in: run, resuming: false)
    } catch {
      run.removeIfUntouched()
      throw error
    }
  }

  private func resume(_ path: String) throws {
    let run = try RunFolder.recorded(at: path)
    let open = try OpenExperiment(file: run.experiment, overrides: experiment.overrides)
    let changes = RunRecord.changedPlugins(in: open.root, open.registry)
    if strict, !changes.isEmpty {
      throw ResumptionError.changedPlugins(folder: run.path, changes: changes)
    }
    for change in changes { complain("warning: \(change)") }
    try train(open, RunRecord(open, resuming: true), in: run, resuming: true)
  }

  private func train(
    _ open: OpenExperiment, _ record: RunRecord, in run: RunFolder, resuming: Bool
  ) throws {
    let loop = try TrainingLoop(
      open.resolution, in: run, hash: record.hash, tree: record.decisive)
    print("\(resuming ? "Going on in" : "Training in") \(run.path)\n\(loop.summary)\n")
    if open.resolution.experiment.precision == .bfloat16, !Compute.multipliesBFloat16 {
      complain(
        "warning: this processor does not multiply bfloat16 numbers (AVX512-BF16); single precision it is"
      )
    }
    let ending = try loop.train(resuming: resuming) {
      if resuming, !experiment.overrides.isEmpty {
        try AtomicFile.write(record.tree.text() + "\n", to: run.experiment)
      }
    }
    let last = loop.lastSamples.map { "\nLook at \($0)" } ?? ""
    switch ending {
    case .interrupted: throw ExitCode(130)
    case .finished: print("\nDone: \(run.path)\(last)")
    case .finishedBefore:
      print(
        "\(run.path) had finished before; there is nothing to do. To train longer, add "
          + "--set 'training.for={images: N}'.\(last)")
    }
  }
}
