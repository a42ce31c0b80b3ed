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

  static let plain = [
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

  /// Any number of groups, and sizes at the edge of what makes sense.
  static let unusual = [
    ConvolutionCase(name: "grouped oddly", padding: 1, groups: 5),
    ConvolutionCase(name: "grouped strided", stride: 2, padding: 1, groups: 7),
    ConvolutionCase(name: "grouped dilated", padding: 3, dilation: 3, groups: 2),
    ConvolutionCase(name: "depthwise multiplied", groups: 5),
    ConvolutionCase(name: "depthwise of one", padding: 1, groups: 3),
    ConvolutionCase(name: "label groups", padding: 1, groups: 35),
    ConvolutionCase(name: "row", padding: Size2(0, 3)),
    ConvolutionCase(name: "column", padding: Size2(3, 0)),
    ConvolutionCase(name: "padded beyond the kernel", padding: 4),
    ConvolutionCase(name: "even kernel padded", stride: 2, padding: 2),
    ConvolutionCase(name: "one by one strided", stride: 2),
    ConvolutionCase(name: "stride beyond the kernel", stride: 3),
    ConvolutionCase(name: "kernel beyond the image", padding: 1),
    ConvolutionCase(name: "one of everything"),
    ConvolutionCase(name: "transposed one by one", transposed: true, stride: 2),
    ConvolutionCase(
      name: "transposed depthwise", transposed: true, stride: 2, padding: 1, groups: 5),
    ConvolutionCase(name: "transposed stride 3", transposed: true, stride: 3, outputPadding: 2),
  ]

  static let all = plain + unusual

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
    try check(settings) { $0 }
  }

  @Test("the same where images and weights are views", arguments: ConvolutionCase.all)
  func views(_ settings: ConvolutionCase) throws {
    try check(settings) { asView($0) }
  }

  /// Compares value and derivatives, with the operands as `prepare` presents their numbers.
  private func check(_ settings: ConvolutionCase, _ prepare: (Tensor) -> Tensor) throws {
    let fixture = try Fixture.load("convolution")
    let image = { (key: String) in try fixture["\(settings.name)/\(key)"].channelsLast() }
    let plain = { (key: String) in try fixture["\(settings.name)/\(key)"].tensor() }

    let x = try image("x").variable()
    let w = try plain("w").variable()
    let b = try plain("b").variable()
    let y = settings.apply(prepare(x), prepare(w), bias: prepare(b))
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

  @Test(
    "an empty batch gives an empty result and gradients of zero, to second order",
    arguments: ConvolutionCase.all)
  func emptyBatch(_ settings: ConvolutionCase) throws {
    let fixture = try Fixture.load("convolution")
    let full = try fixture["\(settings.name)/x"].channelsLast()
    let x = full.sliced(axis: 0, from: 0, to: 0).evaluated().variable()
    let w = try fixture["\(settings.name)/w"].tensor().variable()
    let b = try fixture["\(settings.name)/b"].tensor().variable()
    let y = settings.apply(x, w, bias: b)
    #expect(y.shape == [0] + (try fixture["\(settings.name)/y"].channelsLast().shape.dropFirst()))
    let first = gradients(of: y.square().sum(), at: [x, w, b], differentiable: true)
    #expect(try #require(first[0]).shape == x.shape)
    #expect(try #require(first[1]).scalars() == [Float](repeating: 0, count: w.count))
    #expect(try #require(first[2]).scalars() == [Float](repeating: 0, count: b.count))
    let second = gradients(of: try #require(first[0]).square().sum(), at: [x, w])
    #expect(try #require(second[1]).scalars() == [Float](repeating: 0, count: w.count))
  }

  @Test("weights used twice are copied into the kernel's order once, and give the same bits")
  func repeats() {
    var random = RandomStream(seed: 3, stream: "convolution")
    let x = Tensor.normal([2, 9, 9, 32], using: &random)
    let w = Tensor.normal([32, 32, 3, 3], using: &random)
    #expect(conv2d(x, w, padding: 1).scalars() == conv2d(x, w, padding: 1).scalars())
  }
}
