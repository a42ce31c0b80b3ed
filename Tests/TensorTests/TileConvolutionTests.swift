import TestSupport
import Testing

@testable import Tensor

@Suite("Tile convolution") struct TileConvolutionTests {
  static let filterings: [MinimalFiltering] = [.fourByTwo, .fiveByTwo, .threeByFour]

  @Test("minimal filtering slides a filter over a tile", arguments: filterings)
  func filtering(_ filtering: MinimalFiltering) {
    let (size, taps) = (filtering.size, filtering.taps)
    let inputs = (0..<size).map { Float(3 * $0 % 7) - 2 }
    let filter = (0..<taps).map { Float(2 * $0 + 1) / 4 }
    let apply = { (matrix: [Float], vector: [Float]) in
      (0..<(matrix.count / vector.count)).map { row in
        vector.indices.reduce(Float(0)) { $0 + matrix[row * vector.count + $1] * vector[$1] }
      }
    }
    let points = zip(
      apply(filtering.spreadFilter, filter), apply(filtering.spreadInputs, inputs)
    ).map { $0 * $1 }
    let expected = (0..<filtering.outputs).map { i in
      (0..<taps).reduce(Float(0)) { $0 + inputs[i + $1] * filter[$1] }
    }
    #expect(difference(apply(filtering.collectOutputs, points), expected) < 1e-5)
  }

  @Test("a batch that is treated in parts gives the same", arguments: [1, 2])
  func parts(stride: Int) throws {
    let geometry = ConvolutionGeometry(
      "test", x: [9, 18, 18, 16], weight: [32, 16, 4, 4], stride: Size2(stride), padding: 1,
      dilation: 1, groups: 1)
    var random = RandomStream(seed: 4, stream: "tiles")
    let x = Tensor.normal(geometry.inputShape, using: &random).storage
    let y = Tensor.normal(geometry.outputShape, using: &random).storage
    let w = Tensor.normal(geometry.weightShape, using: &random).storage
    let compute = { (isSplit: Bool) throws -> [Tensor] in
      let results = [geometry.outputCount, geometry.inputCount, geometry.weightCount].map {
        Storage(count: $0)
      }
      for (index, direction) in [
        DNNLConvolution.Direction.forward, .inputGradient, .weightGradient,
      ].enumerated() {
        var tiles = try #require(TileConvolution(geometry, direction, atLeast: 0))
        if isSplit {
          tiles.chunkFloats = 1
          tiles.sumFloats = 1
        }
        switch direction {
        case .forward: tiles.forward(x, w, bias: nil, into: results[index])
        case .inputGradient: tiles.inputGradient(y, w, into: results[index])
        case .weightGradient: tiles.weightGradient(x, y, into: results[index])
        }
      }
      return zip(results, [geometry.outputShape, geometry.inputShape, geometry.weightShape]).map {
        Tensor($0, shape: $1)
      }
    }
    for (split, whole) in zip(try compute(true), try compute(false)) {
      #expect(difference(split, whole) < 1e-5)
    }
  }

  @Test("the same step gives the same bits", arguments: [3, 4])
  func repeats(kernel: Int) throws {
    var random = RandomStream(seed: 5, stream: "tiles")
    let x = Tensor.normal([4, 32, 32, 32], using: &random).variable()
    let w = Tensor.normal([32, 32, kernel, kernel], using: &random).variable()
    let step = { () throws -> [[Float]] in
      let y = conv2d(x, w, stride: Size2(kernel - 2), padding: 1)
      return try gradients(of: (y * y).sum(), at: [x, w]).map { try #require($0).scalars() }
    }
    #expect(try step() == step())
  }
}
