/// An affine map of places: (x, y) to (ax + by + c, dx + ey + f).
public struct AffineMap: Sendable, Hashable {
  /// a and b: what the old x and y add to the new x.
  public let x: Place
  /// d and e: what they add to the new y.
  public let y: Place
  /// c and f.
  public let shift: Place

  init(_ x: Place, _ y: Place, shift: Place) {
    (self.x, self.y, self.shift) = (x, y, shift)
  }

  /// Far outside of every picture.
  public static let nowhere = AffineMap(Place(1, 0), Place(0, 1), shift: Place(1000, 1000))

  /// The new place.
  public func callAsFunction(_ place: Place) -> Place {
    Place((x * place).sum(), (y * place).sum()) + shift
  }

  /// a, b, c, d, e, f, 0, 0, as a port has them.
  public var coefficients: [Float] {
    [x.x, x.y, shift.x, y.x, y.y, shift.y, 0, 0].map { Float($0) }
  }

  /// Fits a map by total least squares, as scikit-image's `estimate_transform("affine", …)` does.
  ///
  /// Both sets are moved to the origin and scaled to a root mean square distance of √2. With p the old
  /// and q the new places, C = Σ p pᵀ and c = Σ p qᵀ, the rows h of the map solve (C − λ) h = c, where
  /// λ is the least eigenvalue of the symmetric matrix of C (twice), c and Σ |q|²: the squared error
  /// that is left when errors of old and new places count alike. With exact pairs λ is 0.
  /// - Returns: nil where the places, old or new, lie in a line.
  static func fitted(from old: [Place], to new: [Place]) -> AffineMap? {
    guard let p = Normalized(old), let q = Normalized(new) else { return nil }
    var (xx, xy, yy, squares) = (0.0, 0.0, 0.0, 0.0)
    var moments = (Place.zero, Place.zero)
    for (a, b) in zip(p.places, q.places) {
      xx += a.x * a.x
      xy += a.x * a.y
      yy += a.y * a.y
      moments.0 += a * b.x
      moments.1 += a * b.y
      squares += (b * b).sum()
    }
    // Eigenvalues of C, and how much of the moments lies along each of its axes.
    let middle = (xx + yy) / 2
    let spread = ((xx - yy) * (xx - yy) / 4 + xy * xy).squareRoot()
    let (least, greatest) = (middle - spread, middle + spread)
    guard least > 1e-9 * greatest else { return nil }
    let total = (moments.0 * moments.0).sum() + (moments.1 * moments.1).sum()
    let turned = [moments.0, moments.1].reduce(0) {
      $0 + xx * $1.x * $1.x + 2 * xy * $1.x * $1.y + yy * $1.y * $1.y
    }
    let alongGreatest = spread > 0 ? (turned - least * total) / (2 * spread) : total / 2
    let alongLeast = total - alongGreatest
    // λ is where this falls through 0 on 0..<least.
    func excess(_ value: Double) -> Double {
      squares - value - alongLeast / (least - value) - alongGreatest / (greatest - value)
    }
    var (low, high) = (0.0, least)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      if excess(middle) > 0 { low = middle } else { high = middle }
    }
    let (a, d) = (xx - low, yy - low)
    let determinant = a * d - xy * xy
    guard determinant > 1e-12 * greatest * greatest else { return nil }
    func solved(_ c: Place) -> Place {
      Place(d * c.x - xy * c.y, a * c.y - xy * c.x) / determinant * (p.scale / q.scale)
    }
    let (x, y) = (solved(moments.0), solved(moments.1))
    guard abs(x.x * y.y - x.y * y.x) > 1e-9 else { return nil }
    let linear = AffineMap(x, y, shift: .zero)
    return AffineMap(x, y, shift: q.center - linear(p.center))
  }

  /// Places around the origin at a root mean square distance of √2.
  private struct Normalized {
    let places: [Place]
    let center: Place
    let scale: Double

    /// Nil where all places are one.
    init?(_ all: [Place]) {
      let count = Double(all.count)
      let middle = all.reduce(Place.zero, +) / count
      let mean = all.reduce(0) { $0 + (($1 - middle) * ($1 - middle)).sum() } / count
      guard mean > 0 else { return nil }
      let factor = (2 / mean).squareRoot()
      (center, scale) = (middle, factor)
      places = all.map { ($0 - middle) * factor }
    }
  }
}
