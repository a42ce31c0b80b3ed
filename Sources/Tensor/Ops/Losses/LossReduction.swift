/// How the losses of the elements become the result.
public enum LossReduction: Sendable {
  /// Their mean; weighted where there are weights.
  case mean
  /// Their sum.
  case sum
  /// Each for itself.
  case none
}

extension Tensor {
  /// Sum or mean of all elements, or the tensor as it is.
  func reduced(_ reduction: LossReduction) -> Tensor {
    switch reduction {
    case .mean: mean()
    case .sum: sum()
    case .none: self
    }
  }
}
