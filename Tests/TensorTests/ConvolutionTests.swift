import Tensor
import TestSupport
import Testing

/// One case of Tests/Fixtures/convolution.py: its name there and its settings.
struct ConvolutionCase: CustomTestStringConvertible, Sendable {
  let name: String
  var transposed = false
  var stride: Size2 = 1
  var padding: Size2 = 0
  var outputPadding: Size2 = 0
  var dilation: Size2 = 1
  var groups = 1

  var testDescription: String { name }

  static let all = [
    ConvolutionCase(name: "plain", padding: 1),
    ConvolutionCase(name: "strided", stride: 2, padding: 1),
    ConvolutionCase(name: "strided odd", stride: 2),
    ConvolutionCase(name: "oblong", stride: Size2(1, 2), padding: Size2(0, 2)),
    ConvolutionCase(name: "grouped", groups: 2),
    ConvolutionCase(name: "depthwise", padding: 1, groups: 16),
    ConvolutionCase(name: "dilated", padding: 2, dilation: 2),
    ConvolutionCase(name: "one pixel"),
    ConvolutionCase(name: "whole image"),
    ConvolutionCase(name: "few outputs", padding: 1),
    ConvolutionCase(name: "wide few outputs", padding: 3),
    ConvolutionCase(name: "patch head", padding: 1),
    ConvolutionCase(name: "few pixels", stride: 2, padding: 1),
    ConvolutionCase(name: "transposed", transposed: true, stride: 2, padding: 1),
    ConvolutionCase(
      name: "transposed padded", transposed: true, stride: 2, padding: 1, outputPadding: 1),
    ConvolutionCase(name: "transposed grouped", transposed: true, stride: 2, groups: 2),
    ConvolutionCase(
      name: "transposed dilated", transposed: true, stride: 2, padding: 1, dilation: 2),
    ConvolutionCase(name: "from one pixel", transposed: true),
  ]

  func apply(_ x: Tensor, _ weight: Tensor, bias: Tensor?) -> Tensor {
    transposed
      ? convTransposed2d(
        x, weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding,
        dilation: dilation, groups: groups)
      : conv2d(
        x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}

@Suite("Convolution") struct ConvolutionTests {
  let tolerance: Float = 1e-4

  @Test(
    "values and derivatives of first and second order agree with PyTorch",
    arguments: ConvolutionCase.all)
  func agreesWithReference(_ settings: ConvolutionCase) throws {
    let fixture = try Fixture.load("convolution")
    let image = { (key: String) in try fixture["\(settings.name)/\(key)"].channelsLast() }
    let plain = { (key: String) in try fixture["\(settings.name)/\(key)"].tensor() }

    let x = try image("x").variable()
    let w = try plain("w").variable()
    let b = try plain("b").variable()
    let y = settings.apply(x, w, bias: b)
    #expect(difference(y, try image("y")) < tolerance)
    #expect(difference(settings.apply(x, w, bias: nil) + b, y) < tolerance)

    let loss = (try image("r") * y * y).sum() * 0.5
    let first = gradients(of: loss, at: [x, w, b], differentiable: true)
    let gx = try #require(first[0])
    #expect(difference(gx, try image("gx")) < tolerance)
    #expect(difference(try #require(first[1]), try plain("gw")) < tolerance)
    #expect(difference(try #require(first[2]), try plain("gb")) < tolerance)

    let second = gradients(of: (gx * gx).sum(), at: [x, w, b])
    #expect(difference(try #require(second[0]), try image("px")) < tolerance)
    #expect(difference(try #require(second[1]), try plain("pw")) < tolerance)
    #expect(difference(try #require(second[2]), try plain("pb")) < tolerance)
  }

  @Test("an empty batch gives an empty result and gradients of zero")
  func emptyBatch() throws {
    let x = Tensor.zeros([0, 5, 5, 3]).variable()
    let w = Tensor.ones([4, 3, 3, 3]).variable()
    let y = conv2d(x, w, padding: 1)
    #expect(y.shape == [0, 5, 5, 4])
    let gradient = gradients(of: y.sum(), at: [x, w])
    #expect(try #require(gradient[0]).shape == [0, 5, 5, 3])
    #expect(try #require(gradient[1]).scalars().allSatisfy { $0 == 0 })
    #expect(convTransposed2d(Tensor.zeros([0, 2, 2, 4]), w, stride: 2).shape == [0, 5, 5, 3])
  }

  @Test("weights used twice are copied into the kernel's order once, and give the same bits")
  func repeats() {
    var random = RandomStream(seed: 3, stream: "convolution")
    let x = Tensor.normal([2, 9, 9, 32], using: &random)
    let w = Tensor.normal([32, 32, 3, 3], using: &random)
    #expect(conv2d(x, w, padding: 1).scalars() == conv2d(x, w, padding: 1).scalars())
  }
}
