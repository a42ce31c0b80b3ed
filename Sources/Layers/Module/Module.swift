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

  /// Draws a first value for every parameter and buffer.
  ///
  /// Each is drawn from a stream of its own, named `prefix.path`: a weight's first value depends
  /// on the seed, its path and its shape, and not on what else is in the network.
  ///
  /// - Parameters:
  ///   - seed: the seed of the run.
  ///   - prefix: the name of the network in the experiment, such as `generator`; may be empty.
  public func initialize(seed: UInt64, prefix: String) {
    let walk = WeightWalk(self)
    func draw(_ path: String, _ initial: Initializer, _ shape: [Int]) -> Tensor {
      var stream = RandomStream(seed: seed, stream: prefix.isEmpty ? path : "\(prefix).\(path)")
      return initial.draw(shape, using: &stream)
    }
    for (path, parameter) in walk.parameters {
      parameter.value = draw(path, parameter.initial, parameter.shape)
    }
    for (path, buffer) in walk.buffers {
      buffer.value = draw(path, buffer.initial, buffer.shape)
    }
  }
}
