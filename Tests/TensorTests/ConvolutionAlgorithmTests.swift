import TestSupport
import Testing

@testable import Tensor

@Suite("Convolution algorithms") struct ConvolutionAlgorithmTests {
  static let geometries: [ConvolutionGeometry] = [
    geometry(x: [2, 7, 6, 5], weight: [3, 5, 3, 3], padding: 1),
    geometry(x: [1, 8, 9, 4], weight: [6, 4, 4, 4], padding: 1),
    geometry(x: [3, 8, 8, 3], weight: [2, 3, 4, 4], stride: 2, padding: 1),
    geometry(x: [2, 9, 7, 2], weight: [4, 2, 3, 3], stride: 2),
    geometry(x: [2, 9, 9, 3], weight: [5, 3, 3, 3], padding: 2, dilation: 2),
    geometry(x: [2, 6, 6, 3], weight: [1, 3, 7, 7], padding: 3),
    geometry(x: [2, 2, 2, 8], weight: [4, 8, 4, 4], stride: 2, padding: 1),
    geometry(x: [2, 5, 5, 4], weight: [3, 4, 2, 2], padding: 3),
    geometry(x: [1, 1, 1, 4], weight: [3, 4, 1, 1]),
    geometry(x: [2, 12, 13, 20], weight: [24, 20, 1, 1]),
    geometry(x: [1, 5, 3, 17], weight: [16, 17, 1, 1]),
    geometry(x: [2, 4, 5, 16], weight: [18, 16, 1, 1], stride: 2),
    geometry(x: [1, 4, 5, 16], weight: [16, 16, 1, 1], padding: 1),
    geometry(x: [1, 5, 4, 60], weight: [21, 60, 3, 3]),
    geometry(x: [1, 6, 5, 260], weight: [20, 260, 3, 3]),
    geometry(x: [2, 9, 13, 32], weight: [48, 32, 3, 3], padding: 1),
    geometry(x: [1, 8, 8, 16], weight: [16, 16, 3, 3]),
    geometry(x: [2, 16, 12, 16], weight: [32, 16, 4, 4], stride: 2, padding: 1),
    geometry(x: [1, 21, 18, 32], weight: [16, 32, 4, 4], stride: 2, padding: 2),
    geometry(x: [3, 11, 10, 16], weight: [16, 16, 4, 4], stride: 2),
    geometry(x: [2, 12, 9, 16], weight: [16, 16, 4, 4], padding: 1),
    geometry(x: [70, 16, 16, 32], weight: [64, 32, 4, 4], stride: 2, padding: 1),
    geometry(x: [40, 64, 64, 3], weight: [8, 3, 4, 4], stride: 2, padding: 1),
  ]

  static func geometry(
    x: [Int], weight: [Int], stride: Size2 = 1, padding: Size2 = 0, dilation: Size2 = 1
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      "test", x: x, weight: weight, stride: stride, padding: padding, dilation: dilation, groups: 1)
  }

  /// Compares an algorithm with oneDNN's plain kernels in all three directions.
  ///
  /// In a second round forms kept with the weight and the gradient are used again.
  private func expect(
    _ algorithm: ConvolutionBackend.Algorithm, on geometry: ConvolutionGeometry,
    within tolerance: Float, rounds: Int = 1
  ) {
    var random = RandomStream(seed: 3, stream: "algorithms")
    let x = Tensor.normal(geometry.inputShape, using: &random).storage
    let y = Tensor.normal(geometry.outputShape, using: &random).storage
    let w = Tensor.normal(geometry.weightShape, using: &random).storage
    let b = Tensor.normal([geometry.outChannels], using: &random).storage
    func compare(_ shape: [Int], _ body: (ConvolutionBackend.Algorithm, Storage) -> Void) {
      let results = [algorithm, .direct(.channelsLast)].map {
        let result = Storage(count: shape.reduce(1, *))
        body($0, result)
        return Tensor(result, shape: shape)
      }
      #expect(difference(results[0], results[1]) < tolerance)
    }
    for _ in 0..<rounds {
      compare(geometry.outputShape) {
        ConvolutionBackend.forward(geometry, x, w, bias: b, by: $0, into: $1)
      }
      compare(geometry.inputShape) {
        ConvolutionBackend.inputGradient(geometry, y, w, by: $0, into: $1)
      }
      compare(geometry.weightShape) {
        ConvolutionBackend.weightGradient(geometry, x, y, by: $0, into: $1)
      }
    }
  }

  @Test("bfloat16 products round to 8 bits and no further", arguments: geometries)
  func bfloat16(_ geometry: ConvolutionGeometry) {
    expect(.direct(.bfloat16), on: geometry, within: 1e-2)
  }

  /// Three images of which Winograd's method takes two, then one; and two groups of such.
  static let divided = [
    ConvolutionGeometry(
      "test", x: [3, 128, 128, 64], weight: [64, 64, 3, 3], stride: 1, padding: 1, dilation: 1,
      groups: 1),
    ConvolutionGeometry(
      "test", x: [3, 128, 128, 128], weight: [128, 64, 3, 3], stride: 1, padding: 1, dilation: 1,
      groups: 2),
  ]

  @Test("a batch that Winograd's method divides gives what it gives whole", arguments: divided)
  func dividedBatch(_ geometry: ConvolutionGeometry) {
    expect(geometry.groups > 1 ? .groups : .direct(.winograd), on: geometry, within: 1e-4)
  }

  @Test("the parts of a batch do not keep a large weight's copy")
  func dividedWeight() {
    let geometry = ConvolutionGeometry(
      "test", x: [2, 64, 64, 512], weight: [512, 512, 3, 3], stride: 1, padding: 1, dilation: 1,
      groups: 1)
    let (x, y) = (Tensor.ones(geometry.inputShape).storage, Storage(count: geometry.outputCount))
    func live(after weight: Storage) -> Int {
      let before = Compute.memory.liveBytes
      ConvolutionBackend.forward(
        geometry, x, weight, bias: nil, by: .direct(.winograd), into: y)
      return Compute.memory.liveBytes - before
    }
    // The first call also makes what the plan keeps.
    _ = live(after: Tensor.ones(geometry.weightShape).storage)
    #expect(live(after: Tensor.ones(geometry.weightShape).storage) == 0)
  }

  @Test("groups one after the other give what all at once give")
  func groups() {
    for (x, weight, count) in [
      ([2, 13, 9, 48], [36, 16, 3, 3], 3), ([4, 16, 16, 64], [128, 32, 3, 3], 2),
      ([1, 5, 6, 12], [8, 3, 3, 3], 4),
    ] {
      let geometry = ConvolutionGeometry(
        "test", x: x, weight: weight, stride: 1, padding: 1, dilation: 1, groups: count)
      expect(.groups, on: geometry, within: 1e-5, rounds: 2)
    }
  }

  @Test("bfloat16 is used where it was asked for, and only there")
  func bfloat16OnDemand() {
    let grouped = ConvolutionGeometry(
      "test", x: [2, 8, 8, 32], weight: [32, 16, 4, 4], stride: 2, padding: 1, dilation: 1,
      groups: 2)
    typealias Algorithm = ConvolutionBackend.Algorithm
    #expect(ConvolutionBackend.algorithm(grouped, .forward) == .direct(.channelsLast))
    Compute.precision = .bfloat16
    defer { Compute.precision = .single }
    let expected: Algorithm = .direct(Compute.multipliesBFloat16 ? .bfloat16 : .channelsLast)
    #expect(ConvolutionBackend.algorithm(grouped, .forward) == expected)
    // A 1x1 kernel gains from it, unless its weights are more than what they meet.
    let pointwise = Self.geometry(x: [2, 32, 32, 64], weight: [64, 64, 1, 1])
    #expect(
      ConvolutionBackend.algorithm(pointwise, .forward)
        == (Compute.multipliesBFloat16 ? .direct(.bfloat16) : .windows))
    let few = Self.geometry(x: [1, 4, 4, 512], weight: [512, 512, 1, 1])
    #expect(ConvolutionBackend.algorithm(few, .forward) == .windows)
  }

  @Test("a weight and its reshape, which share their numbers, keep forms of their own")
  func reshapedWeights() {
    var random = RandomStream(seed: 2, stream: "reshapes")
    for (first, second) in [([16, 4, 3, 3], [32, 2, 3, 3]), ([32, 64, 4, 4], [64, 32, 4, 4])] {
      let weight = Tensor.normal(first, using: &random).evaluated()
      for shape in [first, second] {
        let geometry = Self.geometry(x: [8, 12, 12, shape[1]], weight: shape, padding: 1)
        let dy = Tensor.normal(geometry.outputShape, using: &random).storage
        let shared = weight.reshaped(shape)
        let own = Tensor(shared.scalars(), shape)
        let dx = [shared, own].map { weight in
          Tensor(
            backend.convolutionInputGradient(dy, weight.storage, geometry),
            shape: geometry.inputShape)
        }
        #expect(dx[0].scalars() == dx[1].scalars())
      }
    }
  }

  @Test("all algorithms compute the same convolution", arguments: geometries)
  func agree(_ geometry: ConvolutionGeometry) {
    var random = RandomStream(seed: 1, stream: "algorithms")
    let x = Tensor.normal(geometry.inputShape, using: &random).storage
    let y = Tensor.normal(geometry.outputShape, using: &random).storage
    let w = Tensor.normal(geometry.weightShape, using: &random).storage
    let b = Tensor.normal([geometry.outChannels], using: &random).storage
    typealias Algorithm = ConvolutionBackend.Algorithm
    let hasTiles = TileConvolution(geometry, .forward, atLeast: 0) != nil
    let direct: [Algorithm] =
      [.direct(.blocked), .direct(.winograd)] + (hasTiles ? [Algorithm.tiles] : [])
    let windows =
      direct + (geometry.stride == 1 ? [Algorithm.windows, .fewChannels] : [.windows])

    let forward = { (algorithm: Algorithm) in
      let result = Storage(count: geometry.outputCount)
      ConvolutionBackend.forward(geometry, x, w, bias: b, by: algorithm, into: result)
      return Tensor(result, shape: geometry.outputShape)
    }
    for algorithm in windows {
      #expect(difference(forward(algorithm), forward(.direct(.channelsLast))) < 1e-5)
    }
    let inputGradient = { (algorithm: Algorithm) in
      let result = Storage(count: geometry.inputCount)
      ConvolutionBackend.inputGradient(geometry, y, w, by: algorithm, into: result)
      return Tensor(result, shape: geometry.inputShape)
    }
    for algorithm in direct + [.windows, .fewChannels] {
      #expect(difference(inputGradient(algorithm), inputGradient(.direct(.channelsLast))) < 1e-5)
    }
    let weightGradient = { (algorithm: Algorithm) in
      let result = Storage(count: geometry.weightCount)
      ConvolutionBackend.weightGradient(geometry, x, y, by: algorithm, into: result)
      return Tensor(result, shape: geometry.weightShape)
    }
    for algorithm in windows {
      #expect(difference(weightGradient(algorithm), weightGradient(.direct(.channelsLast))) < 1e-4)
    }
  }
}
