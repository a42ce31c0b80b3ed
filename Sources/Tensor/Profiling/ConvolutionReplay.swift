internal import Kernels

/// A convolution primitive as a profile saw it.
struct ConvolutionCall: Hashable {
  enum Direction: Hashable {
    case forward(hasBias: Bool)
    case inputGradient, weightGradient
    /// Of label maps, as sums of the weights' rows.
    case labelForward, labelWeightGradient
  }

  let direction: Direction
  let geometry: ConvolutionGeometry
}

extension Profile {
  /// Seconds that the convolutions found since the last ``reset()`` take by themselves: each distinct one is run
  /// again on the same arrays, and its shortest time counts as often as it was called.
  ///
  /// The bound for the convolutions of a program: weights are in order already, and nothing else uses the caches.
  /// Call it after ``stop()``.
  ///
  /// - Parameter rounds: how often each is run, after once to warm up.
  /// - Returns: seconds, of all calls together.
  public static func convolutionsAlone(rounds: Int = 20) -> Double {
    convolutions.reduce(0) { sum, entry in
      sum + Double(entry.value) * shortestTime(of: entry.key, rounds: rounds)
    }
  }

  private static func shortestTime(of call: ConvolutionCall, rounds: Int) -> Double {
    let geometry = call.geometry
    // Of a label map one class everywhere: the rows of its table are then in the nearest cache.
    let isLabels = call.direction == .labelForward || call.direction == .labelWeightGradient
    let x =
      isLabels
      ? backend.fill(0, count: geometry.inputCount / geometry.inChannels)
      : backend.fill(0.5, count: geometry.inputCount)
    let y = backend.fill(0.25, count: geometry.outputCount)
    let weight = backend.fill(0.125, count: geometry.weightCount)
    let bias = backend.fill(0, count: geometry.outChannels)
    func run() {
      switch call.direction {
      case .forward(let hasBias):
        _ = backend.convolve(x, weight, bias: hasBias ? bias : nil, geometry)
      case .inputGradient: _ = backend.convolutionInputGradient(y, weight, geometry)
      case .weightGradient: _ = backend.convolutionWeightGradient(x, y, geometry)
      case .labelForward: _ = backend.sumLabelRows(x, weight, geometry)
      case .labelWeightGradient: _ = backend.scatterLabelRows(x, y, geometry)
      }
    }
    run()
    return (0..<rounds).map { _ in
      let start = now
      run()
      return now - start
    }.min() ?? 0
  }
}
