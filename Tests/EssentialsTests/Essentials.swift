import PluginAPI
import TestSupport
import Testing

/// The plugin and the reference numbers, read once.
enum Essentials {
  nonisolated(unsafe) static let plugin = Result { try PluginUnderTest("Essentials") }
  nonisolated(unsafe) static let fixture = Result { try Fixture.load("essentials") }

  /// Largest accepted difference from PyTorch, relative to the largest number.
  static let tolerance: Float = 2e-6

  static func build<Part>(
    _ name: String, _ settings: Setting = [:], bound: [Port] = [], as kind: Part.Type
  ) throws -> Part {
    try plugin.get().build(name, settings, bound: bound, as: kind)
  }

  static func component(_ name: String) throws -> ComponentDescription {
    try #require(try plugin.get().description.components.first { $0.name == name })
  }

  static func reference(_ name: String) throws -> Tensor { try fixture.get()[name].tensor() }

  /// A call of a component that draws nothing.
  static var context: CallContext {
    CallContext(training: true, updatesBuffers: true, seed: 1, stream: "test", step: 0)
  }
}

/// Expects agreement with the reference of that name.
func expect(
  _ found: Tensor?, matches name: String, tolerance: Float = Essentials.tolerance,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let found = try #require(found, "nothing to compare with \(name)", sourceLocation: sourceLocation)
  let expected = try Essentials.reference(name)
  // `hinge.d` is a loss of the discriminator, `hinge.d.fake.0` and `l1.d` are gradients.
  let isGradient =
    name.contains(".d.") || name.contains(".g.") || ["l1.d", "l2.d"].contains(name)
    || name.hasPrefix("variation.") && name.hasSuffix(".d")
  let error = noted(
    difference(found, expected), isGradient ? "gradient \(name)" : name,
    of: "essentials \(name.prefix { $0 != "." })")
  #expect(
    error <= tolerance,
    "\(name): found \(found.shape) \(found.scalars().prefix(6)), expected \(expected.shape) \(expected.scalars().prefix(6))",
    sourceLocation: sourceLocation)
}
