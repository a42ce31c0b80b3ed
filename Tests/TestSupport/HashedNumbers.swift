import Tensor

/// Numbers that are computed from a name, the same here and in `Tests/Fixtures/hashed.py`.
///
/// Fixtures of large networks then hold what comes out only, not weights and inputs.
public enum HashedNumbers {
  /// `count` numbers in 0..<1.
  public static func unit(_ name: String, _ count: Int) -> [Double] {
    let phase = name.utf8.reduce(UInt32(0)) { $0 &* 31 &+ UInt32($1) }
    return (0..<count).map { index in
      var h = UInt32(truncatingIfNeeded: index + 1) &* 2_654_435_761 &+ phase &* 97
      h ^= h >> 15
      h = h &* 2_246_822_519
      h ^= h >> 13
      h = h &* 3_266_489_917
      h ^= h >> 16
      return Double(h) / 4_294_967_296
    }
  }

  /// Numbers in -scale...scale, ordered as the shape is.
  public static func tensor(_ name: String, _ shape: [Int], scale: Double = 1) -> Tensor {
    Tensor(unit(name, shape.reduce(1, *)).map { Float(($0 * 2 - 1) * scale) }, shape)
  }

  /// Numbers for a weight, of a size that suits its fan-in.
  public static func weight(_ name: String, _ shape: [Int]) -> Tensor {
    let fan = shape.count > 1 ? shape.dropFirst().reduce(1, *) : 75
    return tensor(name, shape, scale: (3 / Double(fan)).squareRoot())
  }

  /// A direction: numbers whose squares sum to 1.
  public static func direction(_ name: String, _ shape: [Int]) -> Tensor {
    let draws = tensor(name, shape)
    return (draws / draws.norm()).evaluated()
  }

  /// Labels in squares of `block` pixels, `[N, H, W]`.
  public static func labels(
    _ name: String, _ count: Int, _ height: Int, _ width: Int, classes: Int, block: Int = 4
  ) -> Tensor {
    let (rows, columns) = (height / block, width / block)
    let small = unit(name, count * rows * columns).map { ($0 * Double(classes)).rounded(.down) }
    let values = (0..<count * height * width).map { place in
      let (x, y, n) = (place % width, place / width % height, place / (width * height))
      return Float(small[(n * rows + y / block) * columns + x / block])
    }
    return Tensor(values, [count, height, width])
  }

  /// At most `count` of a tensor's numbers, evenly spaced, with their norm before them.
  public static func thinned(_ x: Tensor, count: Int) -> [Float] {
    let flat = x.scalars()
    let step = max(1, (flat.count + count - 1) / count)
    let sum = flat.reduce(0.0) { $0 + Double($1) * Double($1) }
    return [Float(sum.squareRoot())]
      + stride(from: 0, to: flat.count, by: step).map { flat[$0] }
  }
}
