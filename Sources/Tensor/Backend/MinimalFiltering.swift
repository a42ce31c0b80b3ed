internal import Kernels

/// Winograd's way to slide a short filter over a tile with few multiplications.
///
///     outputs = Aᵀ · ((G · filter) ⊙ (Bᵀ · inputs))
///
/// `outputs` products of `taps` taps each take `outputs + taps - 1` multiplications, one per point at which the
/// polynomials behind them are compared. The matrices follow Toom and Cook; in two dimensions they act on rows and columns.
struct MinimalFiltering: Hashable {
  let outputs: Int
  let taps: Int
  /// `outputs + taps - 1`, the side of a transformed tile.
  let size: Int
  /// Bᵀ: size × size.
  let spreadInputs: [Float]
  /// G: size × taps.
  let spreadFilter: [Float]
  /// Aᵀ: outputs × size.
  let collectOutputs: [Float]
  /// A: size × outputs.
  let spreadOutputs: [Float]
  /// Gᵀ: taps × size.
  let collectFilter: [Float]

  /// Compares at `points`, `outputs + taps - 2` distinct numbers of which small ones round best, and at infinity.
  init(outputs: Int, taps: Int, points: [Double]) {
    let size = outputs + taps - 1
    precondition(
      points.count == size - 1, "[filtering] \(points.count) points, expected \(size - 1)")
    var input = [[Double]](repeating: [], count: size)
    var filter = input
    for (j, point) in points.enumerated() {
      let others = points.enumerated().filter { $0.offset != j }.map(\.element)
      let scale = others.reduce(1) { $0 * (point - $1) }
      input[j] = Self.polynomial(roots: others) + [0]
      filter[j] = Self.powers(point, taps).map { $0 / scale }
    }
    input[size - 1] = Self.polynomial(roots: points)
    filter[size - 1] = [Double](repeating: 0, count: taps - 1) + [1]
    let output =
      points.map { Self.powers($0, outputs) }
      + [[Double](repeating: 0, count: outputs - 1) + [1]]

    self.outputs = outputs
    self.taps = taps
    self.size = size
    spreadInputs = Self.rows(input)
    spreadFilter = Self.rows(filter)
    spreadOutputs = Self.rows(output)
    collectFilter = Self.columns(filter)
    collectOutputs = Self.columns(output)
  }

  /// 16 outputs of 2x2 taps in 25 multiplications instead of 64.
  static let fourByTwo = MinimalFiltering(outputs: 4, taps: 2, points: [0, 1, -1, 2])
  /// 25 outputs of 2x2 taps in 36 multiplications instead of 100.
  static let fiveByTwo = MinimalFiltering(outputs: 5, taps: 2, points: [0, 1, -1, 2, -0.5])
  /// 9 outputs of 4x4 taps in 36 multiplications instead of 144.
  static let threeByFour = MinimalFiltering(outputs: 3, taps: 4, points: [0, 1, -1, 2, -0.5])

  /// Multiplications for a plane of outputs.
  func work(_ plane: Size2) -> Int {
    let tiles = self.tiles(plane)
    return tiles.rows * tiles.columns * size * size
  }

  /// Tiles that cover a plane of outputs.
  func tiles(_ plane: Size2) -> (rows: Int, columns: Int) {
    ((plane.height + outputs - 1) / outputs, (plane.width + outputs - 1) / outputs)
  }

  private static func powers(_ x: Double, _ count: Int) -> [Double] {
    var result = [1.0]
    while result.count < count { result.append(result[result.count - 1] * x) }
    return result
  }

  /// The coefficients of Π (x - root), lowest first.
  private static func polynomial(roots: [Double]) -> [Double] {
    roots.reduce([1.0]) { polynomial, root in
      (0...polynomial.count).map { power in
        (power > 0 ? polynomial[power - 1] : 0)
          - (power < polynomial.count ? root * polynomial[power] : 0)
      }
    }
  }

  private static func rows(_ matrix: [[Double]]) -> [Float] {
    matrix.flatMap { $0.map { Float($0) } }
  }

  private static func columns(_ matrix: [[Double]]) -> [Float] {
    matrix[0].indices.flatMap { column in matrix.map { Float($0[column]) } }
  }
}
