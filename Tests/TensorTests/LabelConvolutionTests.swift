import Tensor
import TestSupport
import Testing

/// Settings of a convolution over a label map.
struct LabelConvolutionCase: Sendable, CustomTestStringConvertible {
  let kernel: Int
  let stride: Int
  let padding: Int
  let dilation: Int
  let out: Int
  var testDescription: String { "kernel \(kernel) stride \(stride) padding \(padding) out \(out)" }
}

@Suite struct LabelConvolutionTests {
  static let cases = [
    LabelConvolutionCase(kernel: 3, stride: 1, padding: 1, dilation: 1, out: 64),
    LabelConvolutionCase(kernel: 4, stride: 2, padding: 1, dilation: 1, out: 37),
    LabelConvolutionCase(kernel: 1, stride: 1, padding: 0, dilation: 1, out: 5),
    LabelConvolutionCase(kernel: 3, stride: 2, padding: 2, dilation: 2, out: 33),
  ]

  /// Labels in 0..<7 with runs, and one that belongs to no class.
  private var labels: Tensor {
    var numbers = fixedNumbers([2, 13, 11], in: 0...6.99).floor().scalars()
    for index in stride(from: 0, to: numbers.count - 3, by: 5) {
      numbers[index + 1] = numbers[index]
    }
    numbers[17] = 255
    return Tensor(numbers, [2, 13, 11])
  }

  @Test(
    "agrees with the convolution of the written planes, value and derivatives", arguments: cases)
  func agrees(_ item: LabelConvolutionCase) {
    let planes = labels.oneHot(classes: 7)
    // A copy through arithmetic does not remember its labels.
    let written =
      (planes * 1.0 + 0.0).evaluated().reshaped([2, 13, 11, 7]) + Tensor.zeros([1]).evaluated()
    let weight = fixedNumbers([item.out, 7, item.kernel, item.kernel], stream: "w").variable()
    let bias = fixedNumbers([item.out], stream: "b").variable()
    func convolve(_ x: Tensor) -> Tensor {
      conv2d(
        x, weight, bias: bias, stride: Size2(item.stride, item.stride),
        padding: Size2(item.padding, item.padding), dilation: Size2(item.dilation, item.dilation))
    }
    let (short, long) = (convolve(planes), convolve(written))
    expectClose(short, long, tolerance: 1e-5)
    let cotangent = fixedNumbers(short.shape, stream: "g")
    let a = gradients(of: short, cotangent: cotangent, at: [weight, bias]).compactMap { $0 }
    let b = gradients(of: long, cotangent: cotangent, at: [weight, bias]).compactMap { $0 }
    #expect(a.count == 2 && b.count == 2)
    for (left, right) in zip(a, b) { expectClose(left, right, tolerance: 1e-4) }
  }

  @Test("first and second derivatives agree with differences")
  func derivatives() {
    let planes = Tensor([0, 1, 1, 2, 0, 0], [1, 2, 3]).oneHot(classes: 3)
    expectGradients(at: [fixedNumbers([2, 3, 2, 2]), fixedNumbers([2], stream: "b")]) {
      conv2d(planes, $0[0], bias: $0[1], padding: 1).square()
    }
  }
}
