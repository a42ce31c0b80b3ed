/// Multiplies matrices, or batches of matrices pair by pair.
///
///     result[i, j] = Σ_k a[i, k] · b[k, j]
///
/// - Parameters:
///   - a: `[M, K]`, or `[B, M, K]`; with `transposeA` the last two sizes are swapped.
///   - b: `[K, N]`, or `[B, K, N]`; with `transposeB` the last two sizes are swapped.
///   - transposeA: whether to multiply by the transpose of `a`.
///   - transposeB: whether to multiply by the transpose of `b`.
/// - Returns: `[M, N]`, or `[B, M, N]`.
public func matmul(
  _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
) -> Tensor {
  precondition(
    a.rank == b.rank && (a.rank == 2 || a.rank == 3),
    "[matmul] ranks \(a.rank) and \(b.rank), expected both 2 or both 3")
  let batch = a.rank == 3 ? a.shape[0] : 1
  precondition(
    a.rank == 2 || b.shape[0] == batch, "[matmul] batch sizes \(batch) and \(b.shape[0]) differ")
  let aSizes = (a.shape[a.rank - 2], a.shape[a.rank - 1])
  let bSizes = (b.shape[b.rank - 2], b.shape[b.rank - 1])
  let (rows, inner) = transposeA ? (aSizes.1, aSizes.0) : aSizes
  let (innerB, columns) = transposeB ? (bSizes.1, bSizes.0) : bSizes
  precondition(
    inner == innerB,
    "[matmul] inner sizes \(inner) and \(innerB) of \(a.shape) and \(b.shape) differ")

  let output = backend.product(
    a.storage, b.storage,
    ProductGeometry(
      batch: batch, rows: rows, columns: columns, inner: inner, transposeA: transposeA,
      transposeB: transposeB))
  return Tensor(
    output, shape: a.rank == 3 ? [batch, rows, columns] : [rows, columns],
    derivatives: [
      Derivative(of: a) { g in
        transposeA
          ? matmul(b, g, transposeA: transposeB, transposeB: true)
          : matmul(g, b, transposeB: !transposeB)
      },
      Derivative(of: b) { g in
        transposeB
          ? matmul(g, a, transposeA: true, transposeB: transposeA)
          : matmul(a, g, transposeA: !transposeA)
      },
    ])
}
