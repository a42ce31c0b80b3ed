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
}
