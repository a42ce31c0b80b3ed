/// Derivatives of one matrix that are products, collected until all have come.
///
///     Σ pᵀ · q = [p; p; …]ᵀ · [q; q; …]
///
/// A recurrent weight meets few rows in each of many steps; one product over all rows is several times as fast as the
/// sum of small ones.
struct ProductSum {
  /// Products of more rows than this are formed at once: they gain nothing, and their factors would be kept until the
  /// end of the walk.
  static let rowLimit = 256

  private var parts: [(p: Tensor, q: Tensor)] = []

  mutating func add(_ part: (p: Tensor, q: Tensor)) { parts.append(part) }

  func joined() -> Tensor {
    matmul(
      Tensor.concatenated(parts.map(\.p), axis: 0), Tensor.concatenated(parts.map(\.q), axis: 0),
      transposeA: true)
  }
}
