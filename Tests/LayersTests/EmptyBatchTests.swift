import Layers
import Tensor
import TestSupport
import Testing

/// A layer and the shape of its input, of which the first axis becomes 0.
struct EmptyCase {
  let name: String
  let input: [Int]
  let output: [Int]
  let module: any Module
  let apply: (Tensor) -> Tensor

  init(_ name: String, _ input: [Int], _ output: [Int], _ layer: some Layer) {
    self.init(name, input, output, layer) { layer($0, in: context(training: true)) }
  }

  init(
    _ name: String, _ input: [Int], _ output: [Int], _ module: some Module,
    _ apply: @escaping (Tensor) -> Tensor
  ) {
    (self.name, self.input, self.output) = (name, input, output)
    self.module = module
    self.apply = apply
  }

  static func all() -> [EmptyCase] {
    let spatial = SpatiallyAdaptiveNorm2d(
      4, mapChannels: 3, hidden: 6, norm: GroupNorm(groups: 2, 4, affine: false))
    let conditional = ConditionalNorm2d(4, conditionSize: 3, norm: InstanceNorm2d(4))
    let batchNorm = BatchNorm2d(4)
    let image = [5, 6, 4]
    return [
      EmptyCase("linear", [4], [3], Linear(4, 3)),
      EmptyCase("linear of words", [5, 4], [5, 3], Linear(4, 3)),
      EmptyCase("convolution", image, [5, 6, 3], Conv2d(4, 3, kernel: 3, padding: 1)),
      EmptyCase(
        "reflecting convolution", image, [5, 6, 3],
        Conv2d(4, 3, kernel: 3, padding: 1, paddingMode: .reflect)),
      EmptyCase(
        "transposed convolution", image, [10, 12, 3],
        ConvTransposed2d(4, 3, kernel: 4, stride: 2, padding: 1)),
      EmptyCase("spectral norm", image, [3, 4, 3], SpectralNorm(Conv2d(4, 3, kernel: 3))),
      EmptyCase("instance norm", image, image, InstanceNorm2d(4, affine: true)),
      EmptyCase(
        "tracking instance norm", image, image, InstanceNorm2d(4, affine: true, momentum: 0.1)),
      EmptyCase("group norm", image, image, GroupNorm(groups: 2, 4)),
      EmptyCase("group norm of vectors", [4], [4], GroupNorm(groups: 2, 4)),
      EmptyCase("layer norm", image, image, LayerNorm(image)),
      EmptyCase("dropout", image, image, Dropout(0.5)),
      EmptyCase("batch norm in inference", image, image, batchNorm) {
        batchNorm($0, in: context(training: false))
      },
      EmptyCase("spatially adaptive norm", image, image, spatial) {
        spatial($0, .zeros([0, 3, 3, 3]), in: context(training: true))
      },
      EmptyCase("conditional norm", image, image, conditional) {
        conditional($0, .zeros([0, 3]), in: context(training: true))
      },
    ]
  }
}

@Suite("Layers and batches of no samples")
struct EmptyBatchTests {
  @Test("the result and the derivatives of a batch of none are empty; weights receive zeros")
  func empty() throws {
    for item in EmptyCase.all() {
      item.module.initialize(seed: 1, prefix: "")
      let named = item.module.namedParameters
      let x = Tensor.zeros([0] + item.input).variable()
      let y = item.apply(x)
      #expect(y.shape == [0] + item.output, "\(item.name)")
      let leaves = [x] + named.map(\.parameter.value)
      let slopes = gradients(of: y.square().sum(), at: leaves, differentiable: true)
      for (leaf, slope) in zip(leaves, slopes) {
        guard let slope else { continue }
        #expect(slope.shape == leaf.shape, "\(item.name)")
        #expect(slope.scalars().allSatisfy { $0 == 0 }, "\(item.name)")
      }
      let second = gradients(of: try #require(slopes[0]).square().sum(), at: leaves)
      for slope in second {
        #expect(slope?.scalars().allSatisfy { $0 == 0 } ?? true, "\(item.name)")
      }
      for (path, buffer) in item.module.namedBuffers {
        #expect(buffer.value.scalars().allSatisfy { $0.isFinite }, "\(item.name) \(path)")
      }
    }
  }

  @Test("an embedding of no words")
  func embedding() {
    let layer = Embedding(5, 3)
    layer.initialize(seed: 1, prefix: "")
    let y = layer(.zeros([0, 7]))
    #expect(y.shape == [0, 7, 3])
    let slope = gradients(of: y.sum(), at: [layer.weight.value])[0]
    #expect(slope?.scalars() == [Float](repeating: 0, count: 15))
  }
}
