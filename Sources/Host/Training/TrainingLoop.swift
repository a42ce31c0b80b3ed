import Foundation
import PluginAPI
import Tensor

/// Trains a resolved experiment: its stages one after the other, the adversarial one last.
final class TrainingLoop {
  /// How a run ended.
  enum Ending: Equatable {
    /// It reached its length.
    case finished
    /// Somebody stopped it; the last step is in a checkpoint.
    case interrupted
    /// It had reached its length before; nothing was done.
    case finishedBefore
  }

  private let resolution: Resolution
  private let run: RunFolder
  private let networks: Networks
  private let dataset: any Dataset
  private let line = ProgressLine()
  private let checkpoints: CheckpointFolder
  private let hash: String
  private let tree: JSONValue
  private let lock: OpenFile
  private var experiment: Experiment { resolution.experiment }

  /// Takes hold of the run folder, builds the networks and opens the data.
  ///
  /// `tree` is what decides the numbers of the run, and `hash` its hash; both go into checkpoints.
  /// - Throws: `FileError.inUse`, whatever keeps a part from being built, or a phase without weights
  ///   to update.
  init(
    _ resolution: Resolution, in run: RunFolder, hash: String, tree: JSONValue = [:]
  ) throws {
    self.resolution = resolution
    self.run = run
    self.hash = hash
    self.tree = tree
    lock = try run.lock()
    try resolution.checkBatchSizes()
    networks = try Networks(resolution)
    try networks.checkPhases()
    dataset = networks.part("dataset", as: (any Dataset).self)
    checkpoints = CheckpointFolder(
      run.checkpoints, keep: resolution.experiment.training.checkpointsKept)
  }

  /// The sizes of the networks, for people.
  var summary: String {
    ["generator", "encoders", "discriminators", "perceptors"].compactMap { group in
      let count = networks.parameters(under: [group]).reduce(0) { $0 + $1.parameter.count }
      return count == 0 ? nil : "\(group): \(Format.count(count)) parameters"
    }.joined(separator: ", ")
  }

  /// The newest grid of samples.
  var lastSamples: String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: run.samples)) ?? []
    return names.filter { $0.hasSuffix(".png") }.max().map { "\(run.samples)/\($0)" }
  }

  /// Trains to the end, or until interrupted; `resuming` goes on from the newest checkpoint, and
  /// `accepted` is called once that is known to belong to the experiment.
  ///
  /// - Throws: errors about data and files, and ``TrainingError`` when numbers stop being finite.
  func train(resuming: Bool, accepted: () throws -> Void = {}) throws -> Ending {
    Compute.precision = experiment.precision
    defer { Compute.precision = .single }
    let interruption = Interruption()
    var start = resuming ? Resumption(try checkpoints.load()) : nil
    try start?.check(hash: hash, experiment: tree, in: run.path)
    // A checkpoint holds what was loaded at the start; those files need not be there any more.
    if start == nil { try WeightsLoading.load(into: networks) }
    try accepted()
    for folder in [run.path, run.samples] { AtomicFile.removeLeftovers(in: folder) }

    let stages = experiment.allStages
    var stepsBefore = start?.stepsBefore ?? 0
    var ending = Ending.finished
    for (index, stage) in stages.enumerated() where index >= start?.stage ?? 0 {
      ending = try train(
        stage, index, of: stages.count, from: &start, after: &stepsBefore, interruption)
      if ending == .interrupted { return .interrupted }
    }
    return ending
  }

  private func train(
    _ stage: Experiment.Stage, _ index: Int, of stageCount: Int, from start: inout Resumption?,
    after stepsBefore: inout Int, _ interruption: Interruption
  ) throws -> Ending {
    // Data: batches by number, in an order that depends on seed and epoch only.
    let batchSize = stage.training.batchSize
    let loader = try BatchLoader(
      dataset, split: .train, batchSize: batchSize, seed: experiment.seed &+ UInt64(index))
    let perEpoch = loader.batchesPerEpoch

    // What updates weights.
    let runner = StageRunner(
      networks, losses: stage.losses, optimizers: stage.optimizers, procedure: stage.procedure,
      batchSize: batchSize, batchesPerEpoch: perEpoch)
    let isLast = index == stageCount - 1
    // The step to go on from; none in a stage that begins now.
    let resumedAt = start.flatMap { $0.stage == index ? $0.stageStep : nil }
    // A checkpoint at the end of a stage gives the next one its weights and nothing else.
    if let start, resumedAt == 0 {
      try TrainingState(networks: networks, average: nil, optimizers: [:])
        .restore(start.checkpoint, from: run.checkpoints)
    }
    let average = stage.training.average.map {
      MovingAverage(
        of: networks.parameters(under: ["generator"]),
        decay: MovingAverage.decay($0, steps: runner.steps(of:)))
    }
    let state = TrainingState(
      networks: networks, average: average, optimizers: runner.optimizers)
    if let start, let resumedAt, resumedAt > 0 {
      try state.restore(start.checkpoint, from: run.checkpoints)
    }
    start?.release()

    // Length and intervals, in steps.
    let steps = runner.steps(of: stage.training.duration)
    let reportEvery = max(1, runner.steps(of: experiment.reports.every))
    let checkpointEvery = max(
      1, runner.steps(of: stage.training.checkpointEvery ?? experiment.reports.every))
    var progress = TrainingProgress(step: 0, images: 0, epoch: 0)
    progress.step = resumedAt ?? 0
    progress.images = progress.step * runner.batchesPerStep * batchSize
    if isLast, resumedAt != nil, progress.step >= steps,
      Reporter.isComplete(run, experiment, progress)
    {
      return .finishedBefore
    }
    let reporter = try Reporter(
      networks, run, stage: stage.name, average: isLast ? average : nil, line: line,
      resumedAt: resumedAt, isFirstStage: index == 0)
    let makesImages = isLast && experiment.generator != nil
    if makesImages, progress.step == 0 { try reporter.samples(at: 0) }

    let clock = ContinuousClock()
    let begin = clock.now
    let firstStep = progress.step
    var window = (start: clock.now, step: progress.step)

    while progress.step < steps {
      progress.images = progress.step * runner.batchesPerStep * batchSize
      progress.epoch = progress.step * runner.batchesPerStep / perEpoch

      let isReport = (progress.step + 1) % reportEvery == 0 || progress.step + 1 == steps
      let outcome = try runner.step(progress, from: loader, isReport: isReport) {
        checkpoints.files.last?.path
      }
      average?.update()
      progress.step += 1
      progress.images = progress.step * runner.batchesPerStep * batchSize
      progress.epoch = progress.step * runner.batchesPerStep / perEpoch

      // What a person sees.
      let elapsed = Reporter.seconds(clock.now - begin)
      let rate = Double(progress.step - firstStep) / max(elapsed, 1e-9)
      line.show(
        Reporter.line(
          stage: stageCount > 1 ? stage.name : nil, progress, steps: steps, outcome.phases,
          imagesPerSecond: rate * Double(runner.batchesPerStep * batchSize),
          secondsLeft: Double(steps - progress.step) / rate))

      let isInterrupted = interruption.isRequested
      if isReport {
        let seconds = Reporter.seconds(clock.now - window.start)
        let shown = (progress.step - window.step) * runner.batchesPerStep * batchSize
        try reporter.report(
          progress, steps: steps, outcome.phases, outcome.accuracies,
          rates: runner.optimizers.mapValues { $0.learningRate(at: progress) },
          imagesPerSecond: Double(shown) / max(seconds, 1e-9),
          secondsLeft: Double(steps - progress.step) / rate)
        if makesImages { try reporter.samples(at: progress.images) }
      }
      if progress.step % checkpointEvery == 0 || progress.step == steps || isInterrupted {
        let isOver = progress.step == steps && !isLast
        try reporter.sync()
        try save(
          state, progress, stage: isOver ? index + 1 : index,
          stageStep: isOver ? 0 : progress.step, after: stepsBefore)
      }
      if isReport { window = (clock.now, progress.step) }
      if isInterrupted {
        line.print(line: "Stopped after step \(progress.step); go on with --resume \(run.path)")
        return .interrupted
      }
    }
    if isLast {
      if interruption.isRequested { return .interrupted }
      // The run is safe in its checkpoint; a signal need not wait for the metrics.
      interruption.endsAtOnce()
      try reporter.metrics(at: progress)
    }
    stepsBefore += progress.step
    return .finished
  }

  private func save(
    _ state: TrainingState, _ progress: TrainingProgress, stage: Int, stageStep: Int,
    after stepsBefore: Int
  ) throws {
    var record = Checkpoint.Record(
      step: stepsBefore + progress.step, images: progress.images, epoch: progress.epoch,
      seed: experiment.seed, experimentHash: hash)
    record.extra = [
      "stage": JSONValue(stage), "stageStep": JSONValue(stageStep), "experiment": tree,
    ]
    let checkpoint = state.checkpoint(record)
    for (path, tensor) in checkpoint.tensors.sorted(by: { $0.key < $1.key })
    where !tensor.detached().sum().item().isFinite {
      throw TrainingError.stateNotFinite(
        path: path, step: progress.step, checkpoint: checkpoints.files.last?.path)
    }
    try checkpoints.save(checkpoint)
  }
}

extension Procedure {
  /// Whether a later phase of the step wants gradients through the images that are there after
  /// phase `place` has begun.
  func imagesServe(after place: Int) -> Bool {
    for phase in phases.dropFirst(place + 1) {
      let isAllFresh = phase.generation == .fresh && phase.fresh.isEmpty
      if isAllFresh || phase.batch == .new { return false }
      if phase.losses.side == .generator { return true }
    }
    return false
  }
}

extension Procedure {
  /// Whether a later phase of the step may want derivatives through what phase `place` has
  /// differentiated.
  ///
  /// A phase that updates discriminators alone differentiates through its own judgements only.
  func historyServes(after place: Int) -> Bool {
    func updatesDiscriminatorsOnly(_ phase: Phase) -> Bool {
      phase.updates.allSatisfy { $0.isUnder("discriminators") }
    }
    if updatesDiscriminatorsOnly(phases[place]) { return false }
    for phase in phases.dropFirst(place + 1) {
      let isAllFresh = phase.generation == .fresh && phase.fresh.isEmpty
      if isAllFresh || phase.batch == .new { return false }
      if !updatesDiscriminatorsOnly(phase) { return true }
    }
    return false
  }
}

/// Why training cannot go on.
enum TrainingError: Error, CustomStringConvertible {
  /// A loss became infinite or no number.
  case notFinite(
    phase: String, step: Int, terms: [(String, Float)], op: String?, checkpoint: String?)

  /// A weight, a buffer, an average or a moment of an optimizer became infinite or no number, and was not saved.
  case stateNotFinite(path: String, step: Int, checkpoint: String?)

  /// No loss of a phase depends on what it updates.
  case unreached(Phase)

  var description: String {
    switch self {
    case .unreached(let phase):
      return
        "the losses of the phase \(phase.name) depend on none of the weights it updates "
        + "(\(phase.updates.joined(separator: ", "))): nothing would be learned. Name other losses, "
        + "or what they reach."
    case .notFinite(let phase, let step, let terms, let op, let checkpoint):
      let values = terms.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
      return
        "the \(phase) phase of step \(step) gave a loss that is not finite (\(values)); "
        + (op.map { "the first such number came from \($0); " } ?? "")
        + "\(TrainingError.kept(checkpoint)). Lower the learning rate or the weight of that loss."
    case .stateNotFinite(let path, let step, let checkpoint):
      return
        "after step \(step) \(path) is not finite and was not saved; \(TrainingError.kept(checkpoint)). "
        + "Lower the weight of the losses or the optimizer's learning rate, or clip gradients."
    }
  }

  private static func kept(_ checkpoint: String?) -> String {
    checkpoint.map { "the last checkpoint, \($0), is untouched" } ?? "there is no checkpoint yet"
  }
}
