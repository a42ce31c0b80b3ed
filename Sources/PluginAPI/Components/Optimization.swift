/// One parameter's step.
public protocol Optimizer: Component {
  /// The learning rate before any schedule.
  var learningRate: Float { get }
  /// The state one parameter starts with, by name: zero moments.
  func initialState(for parameter: Tensor) -> [String: Tensor]
  /// The parameter after a step; `state` is replaced by the new one.
  ///
  /// Write it down as formulas and leave them pending: the caller computes them, in one pass over memory and in
  /// place of the old numbers. Nothing of the old ones may be kept elsewhere than in `state`. No derivatives
  /// are recorded.
  ///
  /// - Parameters:
  ///   - parameter: the value before the step.
  ///   - gradient: shaped like the parameter.
  ///   - state: what ``initialState(for:)`` or the step before returned.
  ///   - learningRate: with the schedule applied.
  ///   - count: steps this parameter has taken, this one included: 1, 2, ….
  /// - Returns: the value after it, shaped like the parameter.
  func step(
    _ parameter: Tensor, gradient: Tensor, state: inout [String: Tensor], learningRate: Float,
    count: Int
  ) -> Tensor
}

/// A factor on the learning rate, or a loss weight, over time.
public protocol Schedule: Component {
  /// The factor at a point of training, evaluated before each step.
  func factor(at progress: TrainingProgress) -> Float
}
