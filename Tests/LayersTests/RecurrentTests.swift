import Layers
import Tensor
import TestSupport
import Testing

@Suite("Recurrent layers against PyTorch, over sequences of any length")
struct RecurrentTests {
  let tolerance: Float = 1e-5
  let fixture: Fixture

  init() throws { fixture = try Fixture.load("recurrent") }

  /// The layer of a case, and its results by their names in the file.
  private func run(
    _ name: String, _ x: Tensor
  ) throws -> (module: any Module, results: [(String, Tensor)]) {
    let isDeep = name.contains("deep")
    let reading: RecurrentReading = isDeep || name.contains("packed") ? .bidirectional : .forward
    let isBiased = !name.contains("bare")
    let hasStart = fixture.names.contains("\(name)/initial/0")
    let lengths = try fixture.tensor("\(name)/lengths")
    func start(_ index: Int) throws -> Tensor { try fixture.tensor("\(name)/initial/\(index)") }
    let inference = context(training: false)
    if name.hasPrefix("LSTM") {
      let layer = LSTM(3, 4, layers: isDeep ? 2 : 1, directions: reading, bias: isBiased)
      try load(name, into: layer)
      let initial = hasStart ? (hidden: try start(0), cell: try start(1)) : nil
      let y = layer(x, lengths: lengths, initial: initial, in: inference)
      return (layer, [("output", y.output), ("hidden", y.hidden), ("cell", y.cell)])
    }
    let layer = GRU(3, 4, layers: isDeep ? 2 : 1, directions: reading, bias: isBiased)
    try load(name, into: layer)
    let y = layer(x, lengths: lengths, initial: hasStart ? try start(0) : nil, in: inference)
    return (layer, [("output", y.output), ("hidden", y.hidden)])
  }

  private func load(_ name: String, into module: some Module) throws {
    for (path, parameter) in module.namedParameters {
      let published = try #require(RecurrentDirections.publishedName(of: path))
      parameter.value = try fixture.tensor("\(name)/\(published)")
    }
  }

  @Test(
    "outputs, final states, first and second derivatives",
    arguments: ["LSTM", "GRU"], ["plain", "packed", "deep", "bare"])
  func agrees(kind: String, form: String) throws {
    let name = "\(kind) \(form)"
    let x = try fixture.tensor("\(name)/x").variable()
    let (module, results) = try run(name, x)
    var loss = Tensor(0)
    for (key, y) in results {
      expectClose(y, try fixture.tensor("\(name)/\(key)"), tolerance: tolerance, key)
      loss = loss + (try fixture.tensor("\(name)/r/\(key)") * y * y).sum() * 0.5
    }
    let named = module.namedParameters
    let names = ["x"] + named.compactMap { RecurrentDirections.publishedName(of: $0.path) }
    let leaves = [x] + named.map(\.parameter.value)
    let first = gradients(of: loss, at: leaves, differentiable: true)
    for (slope, key) in zip(first, names) {
      let expected = try fixture.tensor("\(name)/g/\(key)")
      expectClose(try #require(slope), expected, tolerance: tolerance, "g/\(key)")
    }
    let second = gradients(of: try #require(first[0]).square().sum(), at: leaves)
    for (slope, key) in zip(second, names) {
      let expected = try fixture.tensor("\(name)/p/\(key)")
      expectClose(try #require(slope), expected, tolerance: tolerance, "p/\(key)")
    }
  }

  @Test("no sequences, and only empty ones", arguments: [0, 2])
  func empty(count: Int) {
    let layer = LSTM(3, 4, directions: .bidirectional)
    layer.initialize(seed: 1, prefix: "")
    let x = Tensor.ones([count, 5, 3]).variable()
    let y = layer(x, lengths: .zeros([count]), in: context(training: true))
    #expect(y.output.shape == [count, 5, 8])
    #expect(y.hidden.shape == [2, count, 4])
    #expect((y.output.scalars() + y.hidden.scalars()).allSatisfy { $0 == 0 })
    #expect(gradients(of: y.output.sum(), at: [x])[0] == nil)  // nothing was read

    let gated = GRU(3, 4, directions: .bidirectional)
    gated.initialize(seed: 1, prefix: "")
    let z = gated(x, lengths: .zeros([count]), in: context(training: true))
    #expect(z.output.shape == [count, 5, 8] && z.hidden.shape == [2, count, 4])
    #expect((z.output.scalars() + z.hidden.scalars()).allSatisfy { $0 == 0 })
  }
}
