import PluginAPI
import Testing

/// One call of each layer and of the ops that networks are made of, with the shapes they give.
@Suite struct Tour {
  let image = Tensor.ones([2, 8, 8, 16])  // [N, H, W, C]
  let context = CallContext(training: true, updatesBuffers: true, seed: 1, stream: "tour", step: 0)

  @Test(
    "Layers: made by sizes, called with their inputs; those that differ in training take the context"
  )
  func layers() {
    let labels = Tensor.zeros([2, 8, 8])  // class indices
    #expect(
      called(Conv2d(16, 32, kernel: 4, stride: 2, padding: 1)) { $0(image) } == [2, 4, 4, 32])
    #expect(called(Conv2d(16, 16, kernel: 3, padding: 1, groups: 4)) { $0(image) } == image.shape)
    #expect(
      called(Conv2d(16, 8, kernel: 7, padding: 3, paddingMode: .reflect, bias: false)) { $0(image) }
        == [2, 8, 8, 8])
    #expect(
      called(ConvTransposed2d(16, 8, kernel: 4, stride: 2, padding: 1)) { $0(image) }
        == [2, 16, 16, 8])
    #expect(called(Linear(16, 5)) { $0(image) } == [2, 8, 8, 5])  // along the last axis
    #expect(called(Embedding(3, 7)) { $0(labels) } == [2, 8, 8, 7])
    #expect(called(BatchNorm2d(16)) { $0(image, in: context) } == image.shape)
    #expect(called(InstanceNorm2d(16)) { $0(image) } == image.shape)
    #expect(called(GroupNorm(groups: 4, 16)) { $0(image) } == image.shape)
    #expect(called(LayerNorm([16])) { $0(image) } == image.shape)
    #expect(
      called(SpectralNorm(Conv2d(16, 4, kernel: 3))) { $0(image, in: context) } == [2, 6, 6, 4])
    #expect(
      called(SpatiallyAdaptiveNorm2d(16, mapChannels: 3)) {
        $0(image, labels.oneHot(classes: 3), in: context)
      } == image.shape)
    #expect(
      called(ConditionalNorm2d(16, conditionSize: 10)) {
        $0(image, Tensor.ones([2, 10]), in: context)
      } == image.shape)
    #expect(called(Dropout(0.5)) { $0(image, in: context) } == image.shape)
    #expect(
      called(LSTM(12, 6, directions: .bidirectional)) { lstm in
        lstm(Tensor.ones([2, 9, 12]), lengths: Tensor([9, 4], [2]), in: context).output
      } == [2, 9, 12])
  }

  @Test("Ops: methods of a tensor, or functions where several tensors are equals")
  func ops() {
    let x = image
    #expect((x * 2 + 1).leakyRelu(0.2).tanh().shape == x.shape)  // numbers and sizes of 1 stretch
    #expect(x.mean(axes: [1, 2], keepingDims: true).shape == [2, 1, 1, 16])
    #expect((x.square().mean() + 1e-8).sqrt().shape == [])
    #expect(Tensor.concatenated([x, x], axis: 3).shape == [2, 8, 8, 32])
    #expect(Tensor.stacked([x, x]).shape == [2, 2, 8, 8, 16])
    #expect(x.sliced(axis: 1, from: 2, to: 6).shape == [2, 4, 8, 16])
    #expect(x.reshaped([2, 64, -1]).permuted([0, 2, 1]).shape == [2, 16, 64])
    #expect(x.sliced(axis: 1, from: 0, to: 1).repeated(3, axis: 1).shape == [2, 3, 8, 16])
    #expect(upsampleNearest(x, factor: 2).shape == [2, 16, 16, 16])
    #expect(resizeBilinear(x, to: Size2(5, 6)).shape == [2, 5, 6, 16])
    #expect(avgPool2d(x, kernel: 2, stride: 2, padding: 0).shape == [2, 4, 4, 16])
    #expect(matmul(Tensor.ones([2, 3, 4]), Tensor.ones([2, 4, 5])).shape == [2, 3, 5])
    #expect(x.softmax(axis: 3).argmax(axis: 3).shape == [2, 8, 8])
    #expect(`where`(x .> 0.5, x, -x).sum().item() == 2048)
    #expect(context.normal("noise", [2, 4]).shape == [2, 4])  // the only source of randomness
  }

  @Test("Derivatives: ask at variables, before they are used; record them to differentiate again")
  func derivatives() {
    let x = Tensor([1, 2, 3], [3]).variable()
    let slope = gradients(of: (x * x * x).sum(), at: [x], differentiable: true)[0]
    #expect(slope?.scalars() == [3, 12, 27])
    // nil where the result does not depend on it
    let curvature = slope.flatMap { gradients(of: $0.sum(), at: [x])[0] }
    #expect(curvature?.scalars() == [6, 12, 18])
    // weights are variables already: `layer.weight.value`
  }

  /// The shape that a call of a freshly drawn layer gives.
  private func called<Part: Module>(_ layer: Part, _ call: (Part) -> Tensor) -> [Int] {
    layer.initialize(seed: 1, prefix: "layer")
    return call(layer).shape
  }
}
