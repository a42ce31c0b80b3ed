public import PluginAPI
import Testing

/// A network beside a case of a fixture that `Tests/Fixtures/recording.py` made: weights and inputs by
/// `HashedNumbers`, the rest recorded.
///
/// As there: two calls in training, gradients of the second, buffers after it, one call in evaluation.
public struct RecordedCase {
  private let file: Fixture
  private let name: String
  /// Largest difference relative to the largest number expected.
  private let tolerance: Float

  /// A case of a fixture.
  public init(file: Fixture, name: String, tolerance: Float = 1e-4) {
    self.file = file
    self.name = name
    self.tolerance = tolerance
  }

  /// Compares a network.
  ///
  /// - Parameters:
  ///   - network: its weights are overwritten.
  ///   - names: own path → name in the fixture, for every weight and buffer.
  ///   - inputs: what `call` takes, differentiated.
  ///   - call: the outputs in the fixture's order.
  /// - Throws: what is absent from the fixture, or has no name.
  public func compare(
    _ network: some Module, names: [String: String], inputs: [Tensor],
    _ call: ([Tensor], CallContext) -> [Tensor]
  ) throws {
    try fill(network, names)
    _ = call(inputs, context(training: true)).map { $0.evaluated() }
    let given = inputs.map { $0.variable() }
    let outputs = call(given, context(training: true))
    for (index, y) in outputs.enumerated() { try expect(y, "y\(index)") }
    var total = Tensor(0)
    for (index, y) in outputs.enumerated() {
      total += (y * HashedNumbers.tensor("\(name)/c\(index)", y.shape)).sum()
    }
    let published = try sorted(network.namedParameters.map { ($0.path, $0.parameter) }, names)
    let found = gradients(of: total, at: given + published.map(\.box.value))
    for (index, slope) in found.prefix(given.count).enumerated() {
      try expect(try #require(slope), "dx\(index)")
    }
    let slopes = zip(published, found.dropFirst(given.count)).compactMap { weight, slope in
      slope.map { (weight.name, $0) }
    }
    if !slopes.isEmpty { try expect(slopes, "gradients", least: 2e-3) }
    let buffers = try sorted(network.namedBuffers.map { ($0.path, $0.buffer) }, names)
    if !buffers.isEmpty { try expect(buffers.map { ($0.name, $0.box.value) }, "buffers") }
    for (index, y) in call(inputs, context(training: false)).enumerated() {
      try expect(y, "eval\(index)")
    }
  }

  private func fill(_ network: some Module, _ names: [String: String]) throws {
    network.initialize(seed: 1, prefix: "")
    for (path, parameter) in network.namedParameters {
      let published = try #require(names[path], "\(path) has no published name")
      parameter.value = HashedNumbers.weight("\(name).\(published)", parameter.shape)
    }
    for (path, buffer) in network.namedBuffers {
      let published = try #require(names[path], "\(path) has no published name")
      guard published.hasSuffix("_u") || published.hasSuffix("_v") else { continue }
      buffer.value = HashedNumbers.direction("\(name).\(published)", buffer.shape)
    }
  }

  private func context(training: Bool) -> CallContext {
    CallContext(
      training: training, updatesBuffers: training, seed: 1, stream: name, step: 0)
  }

  private func sorted<Box>(
    _ boxes: [(path: String, box: Box)], _ names: [String: String]
  ) throws -> [(name: String, box: Box)] {
    try boxes.map { (name: try #require(names[$0.path]), box: $0.box) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// One tensor against its thinned numbers.
  private func expect(_ found: Tensor, _ key: String) throws {
    let expected = try file["\(name)/\(key)"].values
    let numbers = HashedNumbers.thinned(found, count: 48)
    let error = noted(
      difference(numbers, expected), key.hasPrefix("dx") ? "gradient \(key)" : key,
      of: "\(file.name) \(name)")
    #expect(error < tolerance, "\(name) \(key)")
  }

  /// Tensors one behind the other; a gradient whose norm is below `least` is rounding noise in both.
  private func expect(
    _ found: [(name: String, tensor: Tensor)], _ key: String, least: Float = 0
  ) throws {
    var rest = try file["\(name)/\(key)"].values[...]
    for (weight, tensor) in found {
      let numbers = HashedNumbers.thinned(tensor, count: 20)
      let expected = Array(rest.prefix(numbers.count))
      rest = rest.dropFirst(numbers.count)
      if let norm = expected.first, norm < least {
        #expect(numbers[0] < least, "\(name) \(weight)")
      } else {
        let error = noted(
          difference(numbers, expected), "\(key) \(weight)", of: "\(file.name) \(name)")
        #expect(error < tolerance, "\(name) \(key) \(weight)")
      }
    }
    #expect(rest.isEmpty, "\(name): \(rest.count) numbers of \(key) are left")
  }
}
