import Foundation
import PluginAPI

/// A moving average of weights, with which one samples: `average ← d·average + (1−d)·weight`.
///
/// Buffers are not averaged: a sampling network has averaged weights and current statistics.
final class MovingAverage {
  /// The averages by the weight's path.
  private(set) var values: [String: Tensor] = [:]
  private let parameters: [(path: String, parameter: Parameter)]
  private let decay: Float

  /// Starts from the current weights, with the factor d above per step.
  init(of parameters: [(path: String, parameter: Parameter)], decay: Float) {
    self.parameters = parameters
    self.decay = decay
    for (path, parameter) in parameters { values[path] = parameter.value.detached() }
  }

  /// The factor per step of an average; `steps` says how many steps a duration has.
  static func decay(_ average: Experiment.Average, steps: (TrainingDuration) -> Int) -> Float {
    switch average {
    case .decay(let decay): decay
    case .halfLife(let duration): Float(pow(0.5, 1 / Double(max(steps(duration), 1))))
    }
  }

  /// Takes in the current weights.
  func update() {
    withoutGradient {
      for (path, parameter) in parameters {
        let weight = parameter.value.detached()
        var average = [values.removeValue(forKey: path) ?? weight]
        Tensor.replace(&average) { old in [old[0] * decay + weight * (1 - decay)] }
        values[path] = average[0]
      }
    }
  }

  /// Restores averages from a checkpoint.
  func restore(_ saved: [String: Tensor]) {
    for path in values.keys {
      if let value = saved[path] { values[path] = value }
    }
  }

  /// Runs `body` with the averaged weights in place.
  func applied<Result>(_ body: () throws -> Result) rethrows -> Result {
    let current = parameters.map { $0.parameter.value }
    for (path, parameter) in parameters {
      if let value = values[path] { parameter.value = value }
    }
    defer { for (entry, value) in zip(parameters, current) { entry.parameter.value = value } }
    return try body()
  }
}
