import Layers
import Tensor
import TestSupport
import Testing

@Suite struct PrecisionTests {
  /// Encodes by a strided and a grouped convolution, decodes by a transposed one.
  private struct Autoencoder: Module {
    let down = Conv2d(16, 32, kernel: 4, stride: 2, padding: 1)
    let middle = Conv2d(32, 32, kernel: 3, padding: 1, groups: 2)
    let up = ConvTransposed2d(32, 16, kernel: 4, stride: 2, padding: 1)

    func callAsFunction(_ x: Tensor) -> Tensor {
      up(middle(down(x).leakyRelu(0.2)).leakyRelu(0.2))
    }
  }

  /// Mean squared errors in the course of plain gradient descent with momentum.
  private func losses(_ precision: Precision) -> [Float] {
    Compute.precision = precision
    defer { Compute.precision = .single }
    let network = Autoencoder()
    network.initialize(seed: 4, prefix: "")
    var random = RandomStream(seed: 5, stream: "precision")
    // Smooth images: coarse noise, enlarged.
    let images = upsampleNearest(Tensor.normal([8, 4, 4, 16], using: &random), factor: 4)
      .evaluated()
    let parameters = network.namedParameters.map(\.parameter)
    var moments = parameters.map { Tensor.zeros($0.value.shape) }
    return (0..<120).map { _ in
      let loss = (network(images) - images).square().mean()
      let slopes = gradients(of: loss, at: parameters.map(\.value))
      for (index, parameter) in parameters.enumerated() {
        guard let slope = slopes[index] else { continue }
        moments[index] = (0.9 * moments[index] + slope).evaluated()
        parameter.value = parameter.value - 0.3 * moments[index]
      }
      return loss.item()
    }
  }

  @Test("training in bfloat16 converges as in single precision")
  func converges() throws {
    let (single, rounded) = (losses(.single), losses(.bfloat16))
    #expect(abs(rounded[0] / single[0] - 1) < 0.01)
    #expect(single[119] < 0.2 * single[0])
    #expect(rounded[119] < 1.1 * single[119])
    // Where the processor has no such products the numbers are the same.
    #expect((rounded == single) == !Compute.multipliesBFloat16)
  }
}
