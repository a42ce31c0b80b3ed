import PluginAPI
import Tensor

/// What training steps of an experiment spend: time, calls and memory, by component and kind of op.
///
/// The steps are those of a run, with data, losses, optimizers and moving average; nothing is written.
struct StepProfile {
  /// Steps taken before the measurement, in which primitives are made and memory is obtained.
  static let warmup = 2

  /// The experiment's name, and that of the stage whose steps these are.
  let experiment: String
  let stage: String
  /// Steps measured.
  let steps: Int
  /// Images that a step shows.
  let imagesPerStep: Int
  /// Threads that worked.
  let threads: Int
  /// Seconds of each step.
  let stepSeconds: [Double]
  /// Seconds of a step, on average.
  var seconds: Double { stepSeconds.reduce(0, +) / Double(steps) }
  /// Of these, seconds spent waiting for data.
  let waiting: Double
  /// What primitives did in all steps together.
  let entries: [Profile.Entry]
  /// The most bytes in tensors at once.
  let peakBytes: Int
  /// Bytes in weights and optimizers' states, which live through all steps.
  let lastingBytes: Int
  /// Blocks of memory that the system was asked for in all steps together.
  let systemAllocations: Int

  /// Takes steps of the experiment's last stage and measures them.
  ///
  /// - Throws: whatever keeps a part from being built, errors about data, and ``TrainingError``.
  init(_ resolution: Resolution, steps: Int) throws {
    try resolution.checkBatchSizes()
    Compute.precision = resolution.experiment.precision
    defer { Compute.precision = .single }
    let networks = try Networks(resolution)
    try networks.checkPhases()
    try WeightsLoading.load(into: networks)
    let stages = resolution.experiment.allStages
    guard let stage = stages.last else {
      throw ConfigurationError("the experiment has no stage that trains")
    }
    let batchSize = stage.training.batchSize
    let loader = try BatchLoader(
      networks.part("dataset", as: (any Dataset).self), split: .train, batchSize: batchSize,
      seed: resolution.experiment.seed &+ UInt64(stages.count - 1))
    let runner = StageRunner(
      networks, losses: stage.losses, optimizers: stage.optimizers, procedure: stage.procedure,
      batchSize: batchSize, batchesPerEpoch: loader.batchesPerEpoch)
    let average = stage.training.average.map {
      MovingAverage(
        of: networks.parameters(under: ["generator"]),
        decay: MovingAverage.decay($0, steps: runner.steps(of:)))
    }
    var progress = TrainingProgress(step: 0, images: 0, epoch: 0)
    func step() throws {
      progress.images = progress.step * runner.batchesPerStep * batchSize
      progress.epoch = progress.step * runner.batchesPerStep / loader.batchesPerEpoch
      _ = try runner.step(progress, from: loader, isReport: false)
      Profile.within("average") { average?.update() }
      progress.step += 1
    }

    Profile.start()
    defer { Profile.stop() }
    for _ in 0..<StepProfile.warmup { try step() }
    Profile.reset()
    Compute.resetPeakMemory()
    let (waited, blocks) = (loader.secondsWaited, Compute.memory.systemAllocations)
    stepSeconds = try (0..<steps).map { _ in
      let begin = ContinuousClock().now
      try step()
      return Reporter.seconds(ContinuousClock().now - begin)
    }
    waiting = (loader.secondsWaited - waited) / Double(steps)

    experiment = resolution.experiment.name
    self.stage = stage.name
    self.steps = steps
    imagesPerStep = runner.batchesPerStep * batchSize
    threads = Compute.threads
    entries = Profile.found
    peakBytes = Compute.memory.peakBytes
    systemAllocations = Compute.memory.systemAllocations - blocks
    var numbers = networks.parameters.reduce(0) { $0 + $1.parameter.count }
    for optimizer in runner.optimizers.values {
      for state in optimizer.states.values {
        numbers += state.tensors.values.reduce(0) { $0 + $1.count }
      }
    }
    if let average { numbers += average.values.values.reduce(0) { $0 + $1.count } }
    lastingBytes = 4 * numbers
  }
}

// MARK: - Sums

extension StepProfile {
  /// What a step spends on something, on average.
  struct Cost {
    var forward = 0.0
    var backward = 0.0
    var calls = 0.0
    var bytes = 0.0
    /// The most bytes alive in all tensors while it was at work.
    var peakBytes = 0
    var seconds: Double { forward + backward }
  }

  /// The costs of a step's primitives, by what `key` says of them, the greatest first.
  func costs(by key: (Profile.Entry) -> String) -> [(name: String, cost: Cost)] {
    var sums: [String: Cost] = [:]
    for entry in entries {
      var cost = sums[key(entry)] ?? Cost()
      let share = 1 / Double(steps)
      if entry.isBackward {
        cost.backward += entry.seconds * share
      } else {
        cost.forward += entry.seconds * share
      }
      cost.calls += Double(entry.calls) * share
      cost.bytes += Double(entry.bytes) * share
      cost.peakBytes = max(cost.peakBytes, entry.peakBytes)
      sums[key(entry)] = cost
    }
    return sums.sorted { $0.value.seconds > $1.value.seconds }.map { ($0.key, $0.value) }
  }

  /// By component; work outside of any, such as weighting and adding losses, is the loop's.
  var components: [(name: String, cost: Cost)] {
    costs { $0.component.isEmpty ? "training loop" : $0.component }
  }

  /// By kind of op.
  var kinds: [(name: String, cost: Cost)] { costs(by: \.kind.rawValue) }

  /// Seconds of a step that were spent neither in primitives nor waiting: recording ops, planning
  /// passes, everything in between.
  var between: Double {
    max(0, seconds - waiting - entries.reduce(0) { $0 + $1.seconds } / Double(steps))
  }
}
