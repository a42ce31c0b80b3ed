import Tensor
import TestSupport
import Testing

/// One case of Tests/Fixtures/resampling.py.
struct ResamplingCase: CustomTestStringConvertible, Sendable {
  let name: String
  let apply: @Sendable (Tensor) -> Tensor

  var testDescription: String { name }

  init(_ name: String, _ apply: @escaping @Sendable (Tensor) -> Tensor) {
    self.name = name
    self.apply = apply
  }

  static let pooling = [
    ResamplingCase("max") { maxPool2d($0, kernel: 2) },
    ResamplingCase("max padded") { maxPool2d($0, kernel: 3, stride: 2, padding: 1) },
    ResamplingCase("max kept") { maxPool2d($0, kernel: 3, stride: 2, remainder: .kept) },
    ResamplingCase("max kept padded") {
      maxPool2d($0, kernel: 2, stride: 3, padding: 1, remainder: .kept)
    },
    ResamplingCase("average") { avgPool2d($0, kernel: 2) },
    ResamplingCase("average padded") { avgPool2d($0, kernel: 3, stride: 2, padding: 1) },
    ResamplingCase("average inside") {
      avgPool2d($0, kernel: 3, stride: 2, padding: 1, countsPadding: false)
    },
    ResamplingCase("global") {
      globalAveragePool($0).reshaped([$0.shape[0], 1, 1, $0.shape[3]])
    },
  ]

  static let resizing =
    [
      ResamplingCase("nearest twice") { upsampleNearest($0, factor: 2) },
      ResamplingCase("nearest up") { resizeNearest($0, to: Size2(7, 5)) },
      ResamplingCase("nearest down") { resizeNearest($0, to: Size2(3, 5)) },
    ]
    + [true, false].flatMap { corners in
      let tag = corners ? "corners" : "edges"
      return [("up", Size2(7, 8)), ("down", Size2(4, 3)), ("to one", 1), ("from one", Size2(3, 2))]
        .map { (direction: String, size: Size2) in
          ResamplingCase("bilinear \(direction) \(tag)") {
            resizeBilinear($0, to: size, alignCorners: corners)
          }
        }
    }
}

@Suite("Resampling") struct ResamplingTests {
  let tolerance: Float = 1e-5

  @Test(
    "values and derivatives of first and second order agree with PyTorch",
    arguments: ResamplingCase.pooling + ResamplingCase.resizing)
  func agreesWithReference(_ settings: ResamplingCase) throws {
    try check(settings) { $0 }
    try check(settings) { asView($0) }
  }

  /// Compares value and derivatives, with the image as `prepare` presents its numbers.
  private func check(_ settings: ResamplingCase, _ prepare: (Tensor) -> Tensor) throws {
    let fixture = try Fixture.load("resampling")
    let image = { (key: String) in try fixture["\(settings.name)/\(key)"].channelsLast() }
    let x = try image("x").variable()
    let y = settings.apply(prepare(x))
    #expect(difference(y, try image("y")) < tolerance)
    let loss = (try image("r") * y * y * y).sum() / 3
    let first = try #require(gradients(of: loss, at: [x], differentiable: true)[0])
    #expect(difference(first, try image("gx")) < tolerance)
    let second = try #require(gradients(of: (first * first).sum(), at: [x])[0])
    #expect(difference(second, try image("px")) < tolerance)
  }

  @Test("the first of equal numbers is the largest, and receives the derivative")
  func ties() throws {
    let x = Tensor([1, 1, 1, 1], [1, 2, 2, 1]).variable()
    let y = maxPool2d(x, kernel: 2)
    #expect(try #require(gradients(of: y, at: [x])[0]).scalars() == [1, 0, 0, 0])
  }

  @Test(
    "an empty batch stays empty, and so do its derivatives",
    arguments: ResamplingCase.pooling + ResamplingCase.resizing)
  func emptyBatch(_ settings: ResamplingCase) throws {
    let fixture = try Fixture.load("resampling")
    let full = try fixture["\(settings.name)/x"].channelsLast()
    let x = full.sliced(axis: 0, from: 0, to: 0).evaluated().variable()
    let y = settings.apply(x)
    #expect(
      y.shape == [0] + (try fixture["\(settings.name)/y"].channelsLast().shape.dropFirst()))
    let first = try #require(
      gradients(of: y.square().sum(), at: [x], differentiable: true)[0])
    #expect(first.shape == x.shape)
    #expect(gradients(of: first.square().sum(), at: [x])[0]?.shape ?? x.shape == x.shape)
  }
}
