import PluginAPI

/// Full rate for a while, then a straight line to zero.
///
/// With durations in epochs the factor changes once an epoch. In epoch e, counted from 1, with c
/// epochs of full rate and d of decay,
///
///     firstLowered: first       1 − max(0, e − c) / (d + 1)        epochs c+1 … c+d: d/(d+1) … 1/(d+1)
///     firstLowered: second      1 − max(0, e − 1 − c) / d          epochs c+1 … c+d: 1 … 1/d
///
/// so that no epoch is run at zero. With durations in images or steps the line is continuous,
/// `1 − max(0, t − c) / d`. Never below 0.
///
/// - Source: the first rule is that of the public code of arXiv:1611.07004, the second that of
///   arXiv:1711.11585, which lowers the rate after an epoch instead of before the next.
struct ConstantThenLinearDecay: Schedule {
  /// The first epoch of the decay whose rate is below the full one.
  enum FirstLowered: String, CaseIterable, HyperparameterValue { case first, second }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("How long the factor stays 1.")
    var constant = TrainingDuration.epochs(100)
    @Hyperparameter("How long it falls from 1 to 0 afterwards, in the same unit.")
    var decay = TrainingDuration.epochs(100)
    @Hyperparameter("Which epoch of the decay is the first below the full rate; for epochs only.")
    var firstLowered = FirstLowered.first

    func validate() throws {
      guard Unit(constant) == Unit(decay) else {
        throw ConfigurationError(
          "constant \(constant.setting.text) and decay \(decay.setting.text) differ in their unit;"
            + " give both in images, steps or epochs")
      }
    }
  }

  /// What a duration counts.
  private enum Unit {
    case images, steps, epochs

    init(_ duration: TrainingDuration) {
      switch duration {
      case .images: self = .images
      case .steps: self = .steps
      case .epochs: self = .epochs
      }
    }
  }

  private let unit: Unit
  private let constant: Int
  private let decay: Int
  private let firstLowered: FirstLowered

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    unit = Unit(hyperparameters.constant)
    constant = Self.count(hyperparameters.constant)
    decay = Self.count(hyperparameters.decay)
    firstLowered = hyperparameters.firstLowered
  }

  func factor(at progress: TrainingProgress) -> Float {
    switch (unit, firstLowered) {
    // `progress.epoch` counts finished epochs, so this is epoch `epoch + 1`.
    case (.epochs, .first): fallen(progress.epoch + 1, over: decay + 1)
    case (.epochs, .second): fallen(progress.epoch, over: decay)
    case (.images, _): fallen(progress.images, over: decay)
    case (.steps, _): fallen(progress.step, over: decay)
    }
  }

  private func fallen(_ position: Int, over length: Int) -> Float {
    let past = max(0, position - constant)
    guard past > 0 else { return 1 }
    return past >= length ? 0 : Float(1 - Double(past) / Double(length))
  }

  private static func count(_ duration: TrainingDuration) -> Int {
    switch duration {
    case .images(let count), .steps(let count), .epochs(let count): count
    }
  }
}
