import Tensor

/// A part of a network: anything whose stored properties hold weights.
///
/// Parameters, buffers and modules among the stored properties are found by reflection, also
/// inside optionals, arrays, dictionaries, tuples and the payloads of enums. Each weight gets the
/// path of property names that leads to it, such as `blocks.0.norm.scale`; checkpoints, initial
/// values and reports use that path. A weight reached by two paths counts once, under the first.
/// Nothing is cached: ask once per network and keep the answer.
public protocol Module {}

extension Module {
  /// Every parameter with its path, in the order of declaration.
  public var namedParameters: [(path: String, parameter: Parameter)] {
    WeightWalk(self).parameters
  }

  /// Every buffer with its path, in the order of declaration.
  public var namedBuffers: [(path: String, buffer: Buffer)] {
    WeightWalk(self).buffers
  }

  /// The number of trainable scalars.
  public var parameterCount: Int {
    namedParameters.reduce(0) { $0 + $1.parameter.count }
  }
}
