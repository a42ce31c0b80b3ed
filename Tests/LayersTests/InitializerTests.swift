import Layers
import Tensor
import Testing

@Suite("Initializer")
struct InitializerTests {
  private func draw(_ initializer: Initializer, _ shape: [Int]) -> [Float] {
    var stream = RandomStream(seed: 7, stream: "weight")
    return initializer.draw(shape, using: &stream).scalars()
  }

  private func variance(_ values: [Float]) -> Float {
    let count = Float(values.count)
    let mean: Float = values.reduce(0, +) / count
    let squares = values.map { (value: Float) -> Float in (value - mean) * (value - mean) }
    return squares.reduce(0, +) / count
  }

  @Test("Constants are constant")
  func constants() {
    #expect(draw(.zeros, [3]) == [0, 0, 0])
    #expect(draw(.ones, [2]) == [1, 1])
    #expect(draw(.constant(0.5), [2, 1]) == [0.5, 0.5])
    #expect(draw(.values([1, 0, 2, 3]), [2, 2]) == [1, 0, 2, 3])
  }

  // Of a weight [32, 16, 3, 3]: fan-in 144, fan-out 288.
  private static let cases: [(Initializer, Float)] = [
    (.normal(std: 0.02), 0.0004),
    (.uniform(bound: 0.3), 0.03),
    (.fanInUniform, 0.0023148),
    (.xavierNormal(), 0.0046296),
    (.xavierUniform(gain: 2), 0.0185185),
    (.kaimingNormal(), 0.0138889),
    (.kaimingNormal(slope: 1), 0.0069444),
  ]

  @Test("Distributions have the variance that fan-in and fan-out ask for", arguments: cases)
  func variances(initializer: Initializer, expected: Float) {
    let found = variance(draw(initializer, [32, 16, 3, 3]))
    #expect(abs(found / expected - 1) < 0.1, "\(initializer): \(found), expected \(expected)")
  }

  @Test("A normal draw has its mean")
  func mean() {
    let values = draw(.normal(mean: 1, std: 0.02), [4000])
    let mean: Float = values.reduce(0, +) / 4000
    #expect(abs(mean - 1) < 0.002)
  }

  @Test("A bias is drawn with the fan-in of its weight")
  func biasBound() {
    let layer = Linear(10_000, 400)
    layer.initialize(seed: 1, prefix: "")
    let bias = layer.bias?.value.scalars() ?? []
    #expect(bias.allSatisfy { abs($0) <= 0.01 })
    #expect((bias.max() ?? 0) > 0.009)
  }

  @Test("Orthogonal rows, or columns where there are more rows", arguments: [[4, 2, 3], [9, 4]])
  func orthogonal(shape: [Int]) {
    let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
    let values = draw(.orthogonal(gain: 2), shape)
    let matrix = Tensor(values, [rows, columns])
    let product =
      rows <= columns
      ? matmul(matrix, matrix, transposeB: true) : matmul(matrix, matrix, transposeA: true)
    let size = min(rows, columns)
    for (index, value) in product.scalars().enumerated() {
      let expected: Float = index % (size + 1) == 0 ? 4 : 0
      #expect(abs(value - expected) < 1e-4)
    }
  }

  @Test("A unit vector has length 1")
  func unitVector() {
    let squares = draw(.unitVector, [50]).map { (value: Float) -> Float in value * value }
    let length: Float = squares.reduce(0, +)
    #expect(abs(length - 1) < 1e-5)
  }
}
