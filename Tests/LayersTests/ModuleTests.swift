import Layers
import Tensor
import Testing

private struct Block: Module {
  let conv: Conv2d
  let norm: any Layer
}

// No module itself, and found all the same.
private enum Choice {
  case one(Linear)
  case none
}

private final class Net: Module {
  let stem = Linear(2, 3)
  let blocks: [Block]
  let extra: Linear?
  let missing: Linear? = nil
  let heads: [String: Linear]
  let choice: Choice
  let shared: Parameter

  init() {
    blocks = [
      Block(conv: Conv2d(1, 1, kernel: 1), norm: BatchNorm2d(1)),
      Block(conv: Conv2d(1, 1, kernel: 1, bias: false), norm: Identity()),
    ]
    extra = Linear(1, 1, bias: false)
    heads = ["b": Linear(1, 1, bias: false), "a": Linear(1, 1, bias: false)]
    choice = .one(Linear(1, 1, bias: false))
    shared = stem.weight
  }
}

@Suite("Module")
struct ModuleTests {
  @Test("Weights have the paths of the properties that lead to them")
  func paths() {
    let net = Net()
    #expect(
      net.namedParameters.map(\.path) == [
        "stem.weight", "stem.bias", "blocks.0.conv.weight", "blocks.0.conv.bias",
        "blocks.0.norm.weight", "blocks.0.norm.bias", "blocks.1.conv.weight", "extra.weight",
        "heads.a.weight", "heads.b.weight", "choice.weight",
      ])
    #expect(
      net.namedBuffers.map(\.path) == [
        "blocks.0.norm.runningMean", "blocks.0.norm.runningVariance",
      ]
    )
    #expect(net.parameterCount == 6 + 3 + 2 + 2 + 1 + 1 + 2 + 1)
  }

  @Test("A weight's first value depends on seed and path, not on the rest of the network")
  func initialValues() {
    let net = Net()
    net.initialize(seed: 3, prefix: "g")
    let alone = Block(conv: Conv2d(1, 1, kernel: 1), norm: BatchNorm2d(1))
    alone.initialize(seed: 3, prefix: "g.blocks.0")
    #expect(alone.conv.weight.value.scalars() == net.blocks[0].conv.weight.value.scalars())
    alone.initialize(seed: 4, prefix: "g.blocks.0")
    #expect(alone.conv.weight.value.scalars() != net.blocks[0].conv.weight.value.scalars())
    #expect(net.heads["a"]?.weight.value.scalars() != net.heads["b"]?.weight.value.scalars())
  }

  @Test("A parameter's value is one variable until another is put in")
  func parameterValue() throws {
    let layer = Linear(2, 1, bias: false)
    #expect(!layer.weight.isInitialized)
    layer.weight.value = Tensor([1, 2], [1, 2])
    let y = layer(Tensor([3, 4], [1, 2]))
    layer.weight.value = Tensor([5, 6], [1, 2])
    #expect(y.scalars() == [11])
    #expect(layer.weight.value.isVariable)
    let z = layer(Tensor([3, 4], [1, 2]))
    let gradient = try #require(gradients(of: z, at: [layer.weight.value])[0])
    #expect(gradient.scalars() == [3, 4])
  }
}
