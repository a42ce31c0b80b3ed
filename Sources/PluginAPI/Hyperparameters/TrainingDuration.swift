/// A length of training: `{ "images": n }`, `{ "steps": n }` or `{ "epochs": n }`.
public enum TrainingDuration: HyperparameterValue, Hashable {
  /// Real images shown.
  case images(Int)
  /// Runs of the procedure.
  case steps(Int)
  /// Passes over the training split.
  case epochs(Int)

  /// The JSON form in words.
  public static var typeName: String { "{ images | steps | epochs: Int }" }

  /// Reads an object of one key, a unit.
  ///
  /// - Throws: ``HyperparameterProblem`` for another type or unit, or a count below 0.
  public init(setting: Setting) throws {
    guard case .object(let members) = setting, members.count == 1, let (unit, value) = members.first
    else { throw Self.mismatch(setting) }
    let count = try Int(setting: value)
    // Above this, products of counts could overflow.
    guard (0...1_000_000_000_000).contains(count) else {
      throw HyperparameterProblem.outside(found: "\(count)", range: "0...1000000000000")
    }
    switch unit {
    case "images": self = .images(count)
    case "steps": self = .steps(count)
    case "epochs": self = .epochs(count)
    default: throw HyperparameterProblem.unknownName(known: ["images", "steps", "epochs"])
    }
  }

  /// The duration as the experiment file writes it.
  public var setting: Setting {
    switch self {
    case .images(let count): ["images": .number(Double(count))]
    case .steps(let count): ["steps": .number(Double(count))]
    case .epochs(let count): ["epochs": .number(Double(count))]
    }
  }

  /// How much of the duration has passed, at least 0, without upper bound.
  public func fraction(at progress: TrainingProgress) -> Double {
    switch self {
    case .images(let count): Double(progress.images) / Double(max(count, 1))
    case .steps(let count): Double(progress.step) / Double(max(count, 1))
    case .epochs(let count): Double(progress.epoch) / Double(max(count, 1))
    }
  }

  /// The duration in steps, rounded up.
  public func steps(batchSize: Int, stepsPerEpoch: Int) -> Int {
    switch self {
    case .images(let count): (count + batchSize - 1) / batchSize
    case .steps(let count): count
    case .epochs(let count): count * stepsPerEpoch
    }
  }
}

/// How far training has come.
public struct TrainingProgress: Sendable, Hashable {
  /// Finished runs of the procedure.
  public var step: Int
  /// Real images shown so far.
  public var images: Int
  /// Finished passes over the training split.
  public var epoch: Int

  /// Creates a position.
  public init(step: Int, images: Int, epoch: Int) {
    self.step = step
    self.images = images
    self.epoch = epoch
  }
}
