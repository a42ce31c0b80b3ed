import Tensor

/// A module that maps one tensor to one tensor.
///
/// Choose among layers at run time with `any Layer`, for instance between two kinds of
/// normalisation.
public protocol Layer: Module {
  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: the layer says which shape it takes.
  ///   - context: training or inference, and the source of randomness.
  /// - Returns: the layer says which shape it has.
  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor
}

/// A layer that is linear in one weight, to which a reparametrisation can be applied.
public protocol WeightedLayer: Layer {
  /// The axis of `weight` that counts outputs.
  static var outputAxis: Int { get }
  /// The weight, in the layout of published files.
  var weight: Parameter { get }
  /// The bias, one per output, where there is one.
  var bias: Parameter? { get }

  /// Applies the layer with another weight in place of its own.
  func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor
}

extension WeightedLayer {
  /// Applies the layer; the same in training and inference.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    self(x, weight: weight.value)
  }

  /// Applies the layer; the same in training and inference.
  public func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    self(x, weight: weight.value)
  }
}

/// The layer that returns its input.
public struct Identity: Layer {
  /// Creates the layer.
  public init() {}

  /// Returns `x`.
  public func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor { x }
}
