import PluginAPI
import TestSupport
import Testing

/// The plugin and the reference numbers, read once, and the numbers that both sides make.
enum Perceptors {
  nonisolated(unsafe) static let plugin = Result { try PluginUnderTest("Perceptors") }
  nonisolated(unsafe) static let fixture = Result { try Fixture.load("perceptors") }

  static func build<Part>(
    _ name: String, _ settings: Setting = [:], bound: [Port] = [], side: Int = 64,
    as kind: Part.Type
  ) throws -> Part {
    try plugin.get().build(
      name, settings, bound: bound, image: .image("image", side: side), as: kind)
  }

  static func reference(_ name: String) throws -> Tensor { try fixture.get()[name].tensor() }

  /// A call in evaluation that draws nothing.
  static var context: CallContext {
    CallContext(training: false, updatesBuffers: false, seed: 1, stream: "test", step: 0)
  }

  /// Numbers in -1...1, each a hash of its place: those of `table` in the fixture's script.
  private static let table: [Float] = (0..<65521).map { place in
    var x = UInt32(place)
    x ^= x >> 16
    x = x &* 0x7FEB_352D
    x ^= x >> 15
    x = x &* 0x846C_A68B
    x ^= x >> 16
    return Float(Double(x) / 2_147_483_648 - 1)
  }

  /// The table, over and over, from a place that the name decides.
  static func made(_ name: String, _ shape: [Int], scale: Float = 1) -> Tensor {
    let start = name.utf8.reduce(0) { ($0 * 31 + Int($1)) % table.count }
    let count = shape.reduce(1, *)
    var numbers = Array(table[start...])
    while numbers.count < count { numbers += table }
    return Tensor(Array(numbers[..<count]), shape) * scale
  }

  /// Weights that keep variances, and small biases.
  static func fill(_ network: any Module) {
    for (name, parameter) in network.namedParameters {
      let fanIn = parameter.shape.dropFirst().reduce(1, *)
      let scale = parameter.shape.count == 4 ? (6 / Float(fanIn)).squareRoot() : 0.1
      parameter.value = made(name, parameter.shape, scale: scale)
    }
  }
}

/// Expects some numbers, evenly spread, and the norm of all to agree with the reference.
func expectSpread(
  _ found: Tensor?, matches name: String, tolerance: Float,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let found = try #require(found, "nothing to compare with \(name)", sourceLocation: sourceLocation)
  let expected = try Perceptors.reference(name)
  let numbers = found.scalars()
  let most = name.contains("/d.") && !name.hasSuffix("d.image") && !name.hasSuffix("generated")
  let step = max(1, numbers.count / (most ? 40 : 400))
  let spread = stride(from: 0, to: numbers.count, by: step).map { numbers[$0] }
  let parts = name.split(separator: "/d.", maxSplits: 1)
  let item = parts.count > 1 ? "gradient \(parts[1])" : name
  let whole = parts.count > 1 ? parts[0] : name.prefix { $0 != "/" }
  let subject = "perceptors " + whole.replacing("/first", with: "").replacing("/second", with: "")
  let error = noted(difference(spread, expected.scalars()), item, of: subject)
  #expect(error <= tolerance, "\(name)", sourceLocation: sourceLocation)
  let norm = try Perceptors.reference("\(name).norm")
  #expect(
    difference(found.norm(), norm) <= tolerance, "the norm of \(name)",
    sourceLocation: sourceLocation)
}
