import PluginAPI
import TestSupport
import Testing

/// A network with the weights of a fixture, compared under published names.
struct PublishedWeights {
  let network: any Module
  /// Own path → name in the fixture.
  let names: [String: String]
  let file: Fixture
  let prefix: String
  /// The network under which comparisons are noted.
  let subject: String

  /// Puts the fixture's weights into the network.
  ///
  /// - Parameters:
  ///   - network: not initialised yet.
  ///   - names: names in the file, own path → name; those without stand under the end of their path.
  ///   - file: the fixture.
  ///   - prefix: before every name in it.
  ///   - subject: what comparisons are noted under; the prefix if absent.
  /// - Throws: where the file lacks a weight.
  init(
    _ network: any Module, _ names: [String: String], _ file: Fixture, _ prefix: String,
    of subject: String? = nil
  ) throws {
    self.network = network
    self.file = file
    self.prefix = prefix
    self.subject = subject ?? prefix
    network.initialize(seed: 1, prefix: prefix)
    var all = names
    for (path, _) in network.namedParameters where names[path] == nil {
      all[path] = path.split(separator: ".").suffix(2).joined(separator: ".")
    }
    self.names = all
    for (path, parameter) in network.namedParameters {
      parameter.value = try file.tensor("\(prefix).\(try name(path))")
    }
    for (path, buffer) in network.namedBuffers where ["u", "v"].contains(path.suffix(1)) {
      buffer.value = try file.tensor("\(prefix).\(try name(path))")
    }
  }

  func name(_ path: String) throws -> String { try #require(names[path], "\(path)") }

  /// The weights at which gradients are asked for, in the order of `expectGradients`.
  var values: [Tensor] { network.namedParameters.map(\.parameter.value) }

  /// Compares gradients, each relative to its largest number.
  func expectGradients(_ found: [Tensor?], tolerance: Float) throws {
    let names = try network.namedParameters.map { try name($0.path) }
    let expected = try names.map { try file.tensor("\(prefix).gradient.\($0)") }
    let largest = expected.map { $0.abs().max().item() }
    let noise = 1e-5 * (largest.max() ?? 0)
    try #require(found.count == names.count)
    for (index, name) in names.enumerated() {
      let gradient = try #require(found[index], "\(prefix).\(name)")
      // A norm takes the bias before it away again: its gradient is rounding noise in both.
      if name.hasSuffix("bias"), largest[index] < noise {
        #expect(gradient.abs().max().item() < noise, "\(prefix).\(name)")
      } else {
        expectClose(
          gradient, expected[index], tolerance: tolerance, "gradient \(prefix).\(name)",
          of: subject)
      }
    }
  }

  /// Compares running statistics and singular vectors after a call.
  func expectBuffers(tolerance: Float) throws {
    for (path, buffer) in network.namedBuffers {
      let name = try name(path)
      expectClose(
        buffer.value, try file.tensor("\(prefix).after.\(name)"), tolerance: tolerance,
        "\(prefix).\(name)", of: subject)
    }
  }
}

/// A context of a test.
func context(training: Bool) -> CallContext {
  CallContext(training: training, updatesBuffers: training, seed: 1, stream: "test", step: 0)
}
