import Layers
import Tensor
import TestSupport
import Testing

@Suite("Linear, convolution and embedding against PyTorch")
struct WeightedLayerTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture.load("layers") }

  private func check(_ name: String, _ layer: some WeightedLayer) throws {
    let test = LayerCase(fixture, name)
    try test.load(into: layer)
    try test.check(layer.namedParameters) { layer($0) }
  }

  @Test("A linear layer maps rank 2 and rank 3")
  func linear() throws {
    try check("linear", Linear(5, 4))
    try check("linear3", Linear(5, 4, bias: false))
  }

  @Test(
    "A convolution pads with zeros, a reflection or the edge",
    arguments: [PaddingMode.zero, .reflect, .replicate])
  func convolution(mode: PaddingMode) throws {
    let name = mode == .zero ? "zeros" : "\(mode)"
    let layer = Conv2d(
      3, 4, kernel: Size2(3, 4), stride: Size2(2, 1), padding: Size2(2, 1), paddingMode: mode)
    try check("conv.\(name)", layer)
  }

  @Test("A convolution has groups and dilation")
  func groups() throws {
    try check("conv.grouped", Conv2d(4, 6, kernel: 3, padding: 2, dilation: 2, groups: 2))
  }

  @Test("A transposed convolution has groups and output padding")
  func transposed() throws {
    let layer = ConvTransposed2d(
      4, 6, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)
    try check("transposed", layer)
  }

  @Test("An embedding sums the gradients of repeated indices")
  func embedding() throws {
    let test = LayerCase(fixture, "embedding")
    let table = Embedding(6, 3)
    try test.load(into: table)
    let y = table(try test.tensor("indices"))
    expectClose(y, try test.tensor("y"), tolerance: 1e-6)
    let found = gradients(of: (y * (try test.tensor("c"))).sum(), at: [table.weight.value])[0]
    expectClose(try #require(found), try test.tensor("dweight"), tolerance: 1e-5)
  }
}
