import Tensor

/// How a network is being called: training or inference, and where its random draws come from.
///
/// One context serves one call of one network. Draws have names, and each comes from a stream of
/// its own, keyed by seed, stream, name and step: adding a draw to a network changes none of the
/// others. A draw that is asked for again under the same name gets the next number, `z`, `z.1`,
/// `z.2`.
public final class CallContext {
  /// Whether batch statistics, dropout and power iteration are active.
  public let isTraining: Bool
  /// Whether running statistics and power-iteration vectors may change.
  public let updatesBuffers: Bool
  private let seed: UInt64
  private let stream: String
  private let step: Int
  private let given: [String: Tensor]
  /// What was drawn or taken so far, in order, with the shapes that were asked for.
  public private(set) var draws: [(name: String, shape: [Int])] = []
  /// How often each name was drawn.
  private var uses: [String: Int] = [:]

  /// Creates a context for one call.
  ///
  /// - Parameters:
  ///   - training: whether layers behave as in training.
  ///   - updatesBuffers: whether layers may change their buffers, where training changes them.
  ///   - seed: the seed of the run.
  ///   - stream: the name of the network or purpose; keeps its draws apart from others'.
  ///   - step: the number of the training step, so that each step draws anew.
  ///   - given: values for named draws, taken instead of random ones.
  public init(
    training: Bool, updatesBuffers: Bool, seed: UInt64, stream: String, step: Int,
    given: [String: Tensor] = [:]
  ) {
    isTraining = training
    self.updatesBuffers = updatesBuffers
    self.seed = seed
    self.stream = stream
    self.step = step
    self.given = given
  }

  /// Draws from the standard normal distribution.
  public func normal(_ name: String, _ shape: [Int]) -> Tensor {
    draw(numbered(name), shape) { .normal(shape, using: &$0) }
  }

  /// Draws from the uniform distribution on 0...1.
  public func uniform(_ name: String, _ shape: [Int]) -> Tensor {
    draw(numbered(name), shape) { .uniform(shape, using: &$0) }
  }

  /// Draws a mask of ones with holes of zeros, named `dropout.0`, `dropout.1`, … in call order.
  ///
  /// - Parameters:
  ///   - rate: the probability of a zero, at least 0 and less than 1.
  ///   - shape: the shape of the mask.
  /// - Returns: zeros and ones, not scaled.
  public func keepMask(rate: Float, shape: [Int]) -> Tensor {
    precondition((0..<1).contains(rate), "[keepMask] rate \(rate) is outside 0..<1")
    return draw("dropout.\(next("dropout"))", shape) { .uniform(shape, using: &$0) .>= rate }
  }

  private func numbered(_ name: String) -> String {
    let use = next(name)
    return use == 0 ? name : "\(name).\(use)"
  }

  /// How often the name was drawn before.
  private func next(_ name: String) -> Int {
    uses[name, default: -1] += 1
    return uses[name, default: 0]
  }

  private func draw(
    _ name: String, _ shape: [Int], _ random: (inout RandomStream) -> Tensor
  ) -> Tensor {
    draws.append((name, shape))
    if let value = given[name] {
      precondition(
        value.shape == shape,
        "[CallContext] the given draw \(name) has shape \(value.shape), expected \(shape)")
      return value
    }
    var source = RandomStream(seed: seed, stream: "\(stream).\(name)", step: step)
    return random(&source)
  }
}
