import Layers
import Tensor
import TestSupport
import Testing

/// One entry of layers.safetensors: a layer's input, output, cotangent and gradients.
struct LayerCase {
  let fixture: Fixture
  let name: String

  init(_ fixture: Fixture, _ name: String) {
    self.fixture = fixture
    self.name = name
  }

  func tensor(_ key: String) throws -> Tensor { try fixture.tensor("\(name).\(key)") }

  /// Puts the recorded weights into a layer's parameters.
  func load(into module: some Module) throws {
    for (path, parameter) in module.namedParameters { parameter.value = try tensor(path) }
  }

  /// Compares output, gradients and, where recorded, gradients of the squared input gradient.
  func check(
    _ parameters: [(path: String, parameter: Parameter)], tolerance: Float = 1e-4,
    _ layer: (Tensor) -> Tensor
  ) throws {
    let x = try tensor("x").variable()
    let y = layer(x)
    expectClose(y, try tensor("y"), tolerance: tolerance, "\(name).y")
    let inputs = [x] + parameters.map(\.parameter.value)
    let isSecond =
      fixture.names.contains("\(name).ddx") || fixture.names.contains("\(name).ddweight")
    let first = gradients(
      of: (y * (try tensor("c"))).sum(), at: inputs, differentiable: isSecond)
    for (gradient, key) in zip(first, ["x"] + parameters.map(\.path)) {
      let found = try #require(gradient, "no gradient of \(name).\(key)")
      expectClose(found, try tensor("d\(key)"), tolerance: tolerance, "\(name).d\(key)")
    }
    guard isSecond, let dx = first[0] else { return }
    let second = gradients(of: dx.square().sum(), at: inputs)
    for (gradient, key) in zip(second, ["x"] + parameters.map(\.path)) {
      guard fixture.names.contains("\(name).dd\(key)") else { continue }
      let expected = try tensor("dd\(key)")
      // A linear layer's gradient does not depend on its input: not reached, where PyTorch says 0.
      expectClose(
        gradient ?? .zeros(expected.shape), expected, tolerance: tolerance, "\(name).dd\(key)")
    }
  }
}

/// A context for layers that draw nothing.
func context(training: Bool, updatesBuffers: Bool = true) -> CallContext {
  CallContext(
    training: training, updatesBuffers: updatesBuffers, seed: 1, stream: "test", step: 0)
}

extension Fixture {
  func tensor(_ name: String) throws -> Tensor { try self[name].tensor() }
}

/// Expects the largest difference, relative to the largest number expected, to be below `tolerance`.
func expectClose(
  _ found: Tensor, _ expected: Tensor, tolerance: Float, _ name: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    difference(found, expected) < tolerance,
    "\(name) \(found.shape) \(found.scalars().prefix(4)), expected \(expected.shape) \(expected.scalars().prefix(4))",
    sourceLocation: sourceLocation)
}
