import Foundation
import PluginAPI

/// Writes what a run leaves for people: statistics, samples, metrics.
final class Reporter {
  private let networks: Networks
  private let run: RunFolder
  private let stage: String
  private let average: MovingAverage?
  private let line: ProgressLine
  private let statistics: JSONLines
  private let begin = ContinuousClock().now

  /// Opens the files of a run; on resuming, reports after the step it goes on from are dropped.
  init(
    _ networks: Networks, _ run: RunFolder, stage: String, average: MovingAverage?,
    line: ProgressLine, resumedAt step: Int?, isFirstStage: Bool
  ) throws {
    self.networks = networks
    self.run = run
    self.stage = stage
    self.average = average
    self.line = line
    statistics = try JSONLines(run.statistics) { line in
      guard let step else { return !isFirstStage }
      return line["stage"]?.stringValue != stage || (line["step"]?.intValue ?? 0) <= step
    }
  }

  /// Waits until all statistics are on the device, for the moment a checkpoint speaks of them.
  func sync() throws { try statistics.sync() }

  private var experiment: Experiment { networks.resolution.experiment }

  /// Seconds as a number.
  static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// The progress line.
  static func line(
    stage: String?, _ progress: TrainingProgress, steps: Int, _ outcomes: [StageRunner.Outcome],
    imagesPerSecond: Double, secondsLeft: Double
  ) -> String {
    let losses = outcomes.map { "\($0.phase) \(Format.figure($0.total))" }
    let share = Format.fixed(100 * Double(progress.step) / Double(max(steps, 1)), 1)
    return (stage.map { "\($0): " } ?? "")
      + "step \(progress.step) (\(share) %)  \(Format.count(progress.images)) images  "
      + "\(Format.fixed(imagesPerSecond, 1)) images/s  \(losses.joined(separator: "  "))  "
      + "\(Format.duration(secondsLeft)) left"
  }

  /// One object in `statistics.jsonl`, one line on the terminal.
  func report(
    _ progress: TrainingProgress, steps: Int, _ outcomes: [StageRunner.Outcome],
    _ accuracies: [String: Float], rates: [String: Float], imagesPerSecond: Double,
    secondsLeft: Double
  ) throws {
    var losses: [String: JSONValue] = [:]
    var norms: [String: JSONValue] = [:]
    for outcome in outcomes {
      losses["\(outcome.phase)/total"] = JSONValue(outcome.total)
      for term in outcome.terms {
        losses["\(outcome.phase)/\(term.name)"] = JSONValue(term.value.item())
      }
      norms[outcome.phase] = JSONValue(outcome.update.gradientNorm ?? .nan)
    }
    try statistics.append([
      "stage": JSONValue(stage), "step": JSONValue(progress.step),
      "images": JSONValue(progress.images), "epoch": JSONValue(progress.epoch),
      "losses": JSONValue(losses), "gradientNorms": JSONValue(norms),
      "accuracies": JSONValue(accuracies.mapValues { JSONValue($0) }),
      "learningRates": JSONValue(rates.mapValues { JSONValue($0) }),
      "imagesPerSecond": JSONValue(imagesPerSecond),
      "seconds": JSONValue(Reporter.seconds(ContinuousClock().now - begin)),
    ])
    line.print(
      line: Reporter.line(
        stage: stage == "adversarial" ? nil : stage, progress, steps: steps, outcomes,
        imagesPerSecond: imagesPerSecond, secondsLeft: secondsLeft))
  }

  /// A grid of fixed samples, `samples/<images>.png`, with averaged weights where there are some.
  func samples(at images: Int) throws {
    let set = try EvaluationSet(networks, count: experiment.reports.samples)
    let picture = try sampling { try SampleGrid(networks: networks).picture(of: set) }
    let digits = String(images)
    let name = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    try AtomicFile.write([UInt8](picture.png()), to: "\(run.samples)/\(name).png")
  }

  /// Whether the metrics at the end of a run have been measured.
  static func isComplete(
    _ run: RunFolder, _ experiment: Experiment, _ progress: TrainingProgress
  ) -> Bool {
    guard !experiment.reports.metrics.isEmpty else { return true }
    let measured = (try? JSONLines.read(run.metrics)) ?? []
    let metrics = measured.filter { $0["images"]?.intValue == progress.images }
      .compactMap { $0["metric"]?.stringValue }
    return Set(metrics) == Set(experiment.reports.metrics.map(\.use))
  }

  /// Measures every metric on the validation split and notes it in `metrics.jsonl`, all at once, so
  /// that the file never holds a part of them.
  func metrics(at progress: TrainingProgress) throws {
    guard !experiment.reports.metrics.isEmpty else { return }
    let figures = try sampling {
      try Measuring(networks: networks).figures(count: experiment.reports.metricSamples)
    }
    let exists = FileManager.default.fileExists(atPath: run.metrics)
    let earlier = (exists ? try JSONLines.read(run.metrics) : [])
      .filter { $0["images"]?.intValue ?? 0 < progress.images }
    let measured = figures.map { figure -> JSONValue in
      var line = figure.json
      line.set("split", "validation")
      line.set("images", JSONValue(progress.images))
      return line
    }
    let lines = (earlier + measured).map { $0.text(style: .line) + "\n" }
    try AtomicFile.write(lines.joined(), to: run.metrics)
    for figure in figures {
      line.print(line: "\(figure.figure.name) \(Format.figure(Float(figure.figure.value)))")
    }
  }

  private func sampling<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let average else { return try withoutGradient(body) }
    return try average.applied { try withoutGradient(body) }
  }
}
