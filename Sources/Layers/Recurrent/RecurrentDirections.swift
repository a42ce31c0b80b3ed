import Tensor

/// In which directions a recurrent layer reads.
public enum RecurrentReading: Sendable {
  /// From the first step to the last.
  case forward
  /// Both ways; outputs and states of the backward direction lie behind the others.
  case bidirectional
}

/// The weights of one recurrent layer: paths such as `layers.0.forward.inputWeight`.
public struct RecurrentDirections: Module {
  /// Weights of the direction from first to last.
  public let forward: RecurrentWeights
  /// Weights of the other direction, where there is one.
  public let backward: RecurrentWeights?

  var both: [RecurrentWeights] { [forward] + (backward.map { [$0] } ?? []) }

  static func layers(
    _ count: Int, _ inputSize: Int, _ hiddenSize: Int, gates: Int, _ reading: RecurrentReading,
    _ bias: Bool, _ initial: Initializer?
  ) -> [RecurrentDirections] {
    precondition(count > 0, "[recurrent] \(count) layers, expected at least one")
    let initial = initial ?? .uniform(bound: 1 / Float(hiddenSize).squareRoot())
    return (0..<count).map { layer in
      let width = reading == .bidirectional ? 2 * hiddenSize : hiddenSize
      let size = layer == 0 ? inputSize : width
      func weights() -> RecurrentWeights {
        RecurrentWeights(size, hiddenSize, gates: gates, bias: bias, initial: initial)
      }
      return RecurrentDirections(
        forward: weights(), backward: reading == .bidirectional ? weights() : nil)
    }
  }
}

extension RecurrentDirections {
  /// The name that a weight has in published files, from its path within an `LSTM` or `GRU`.
  ///
  /// `layers.0.backward.inputWeight` is `weight_ih_l0_reverse`.
  ///
  /// - Parameter path: as `namedParameters` gives it.
  /// - Returns: the name, or `nil` where the path is none of such a layer.
  public static func publishedName(of path: String) -> String? {
    let parts = path.split(separator: ".")
    let kinds = [
      "inputWeight": "weight_ih", "recurrentWeight": "weight_hh", "inputBias": "bias_ih",
      "recurrentBias": "bias_hh",
    ]
    guard parts.count == 4, parts[0] == "layers", let kind = kinds[String(parts[3])] else {
      return nil
    }
    return "\(kind)_l\(parts[1])" + (parts[2] == "backward" ? "_reverse" : "")
  }
}
