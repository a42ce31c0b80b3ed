import PluginAPI

/// Mean and covariance of vectors, added one after the other, in double precision.
struct Gaussian {
  /// The number of vectors.
  private(set) var count = 0
  private var sum: [Double] = []
  /// Row-major sums of products; of the lower triangle zeros.
  private var products: [Double] = []

  /// Adds the rows of `[N, size]`.
  mutating func add(_ vectors: Tensor) {
    let size = vectors.shape[1]
    let numbers = vectors.scalars()
    if sum.isEmpty {
      sum = Array(repeating: 0, count: size)
      products = Array(repeating: 0, count: size * size)
    }
    for first in stride(from: 0, to: numbers.count, by: size) {
      count += 1
      let vector = numbers[first..<first + size].map(Double.init)
      for row in 0..<size {
        sum[row] += vector[row]
        for column in row..<size { products[row * size + column] += vector[row] * vector[column] }
      }
    }
  }

  /// Whether all numbers were numbers.
  var isFinite: Bool { sum.allSatisfy(\.isFinite) && products.allSatisfy(\.isFinite) }

  /// The mean of each component.
  var mean: [Double] { sum.map { $0 / Double(count) } }

  /// The unbiased covariance, row-major, of at least two vectors.
  var covariance: [Double] {
    let (size, mean) = (sum.count, mean)
    var result = Array(repeating: 0.0, count: size * size)
    for row in 0..<size {
      for column in row..<size {
        let product = products[row * size + column] - sum[row] * mean[column]
        result[row * size + column] = product / Double(count - 1)
        result[column * size + row] = result[row * size + column]
      }
    }
    return result
  }

  /// The squared Fréchet distance of two Gaussians.
  ///
  ///     |μ_a − μ_b|² + tr(Σ_a + Σ_b − 2·√(Σ_a·Σ_b))
  ///
  /// NaN where a vector held no number.
  func distance(to other: Gaussian) -> Double {
    guard isFinite, other.isFinite else { return .nan }
    let size = sum.count
    let (a, b) = (covariance, other.covariance)
    let shift = zip(mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let traces = (0..<size).reduce(0) { $0 + a[$1 * size + $1] + b[$1 * size + $1] }
    return shift + traces - 2 * LinearAlgebra.traceOfSquareRoot(a, times: b, size: size)
  }
}
