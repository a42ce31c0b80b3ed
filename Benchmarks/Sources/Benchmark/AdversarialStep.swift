import Layers
import Tensor

/// A small convolutional GAN at 32x32, where what a step costs beside its arithmetic shows.
struct AdversarialStep {
  private let generator = SmallGenerator()
  private let discriminator = SmallDiscriminator()
  private var generatorAdam: AdamSteps
  private var discriminatorAdam: AdamSteps
  private let real: Tensor
  private let z: Tensor
  private var count = 0

  init(file: String) throws {
    let weights = try StepWeights(file: file)
    real = try weights.images("real")
    z = try weights("z").evaluated()  // [draws, N, size]
    try weights.load(into: generator, prefix: "G")
    try weights.load(into: discriminator, prefix: "D")
    generatorAdam = try AdamSteps()
    discriminatorAdam = try AdamSteps()
  }

  /// One step: D on real and fake images, then G on the same fake ones.
  mutating func run() -> [String: Float] {
    let draw = count % z.shape[0]
    count += 1
    let context = CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "step", step: count)
    let z = z.sliced(axis: 0, from: draw, to: draw + 1).reshaped([-1, 1, 1, z.shape[2]])
    let fake = generator(z, in: context)

    let onReal = discriminator(real, in: context)
    let onFake = discriminator(fake.detached(), in: context)
    let loss = (-onReal).softplus().mean() + onFake.softplus().mean()
    discriminatorAdam.step(discriminator, loss: loss)

    let adversarial = (-discriminator(fake, in: context)).softplus().mean()
    generatorAdam.step(generator, loss: adversarial)
    return ["discriminator": loss.item(), "adversarial": adversarial.item()]
  }
}

/// `z [N, 1, 1, 100]` to images `[N, 32, 32, 3]`.
private struct SmallGenerator: Module {
  let convolutions = [
    ConvTransposed2d(100, 256, kernel: 4, bias: false),
    ConvTransposed2d(256, 128, kernel: 4, stride: 2, padding: 1, bias: false),
    ConvTransposed2d(128, 64, kernel: 4, stride: 2, padding: 1, bias: false),
    ConvTransposed2d(64, 3, kernel: 4, stride: 2, padding: 1, bias: false),
  ]
  let norms = [BatchNorm2d(256), BatchNorm2d(128), BatchNorm2d(64)]

  func callAsFunction(_ z: Tensor, in context: CallContext) -> Tensor {
    var x = z
    for (convolution, norm) in zip(convolutions, norms) {
      x = norm(convolution(x), in: context).relu()
    }
    return convolutions[3](x).tanh()
  }
}

/// Images `[N, 32, 32, 3]` to logits `[N, 1, 1, 1]`.
private struct SmallDiscriminator: Module {
  let convolutions = [
    Conv2d(3, 64, kernel: 4, stride: 2, padding: 1, bias: false),
    Conv2d(64, 128, kernel: 4, stride: 2, padding: 1, bias: false),
    Conv2d(128, 256, kernel: 4, stride: 2, padding: 1, bias: false),
    Conv2d(256, 1, kernel: 4, bias: false),
  ]
  let norms = [BatchNorm2d(128), BatchNorm2d(256)]

  func callAsFunction(_ image: Tensor, in context: CallContext) -> Tensor {
    var x = convolutions[0](image).leakyRelu(0.2)
    for (convolution, norm) in zip(convolutions[1...], norms) {
      x = norm(convolution(x), in: context).leakyRelu(0.2)
    }
    return convolutions[3](x)
  }
}
