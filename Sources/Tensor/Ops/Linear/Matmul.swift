/// Multiplies matrices, or batches of matrices pair by pair.
///
///     result[i, j] = Σ_k a[i, k] · b[k, j]
///
/// - Parameters:
///   - a: `[M, K]`, or `[..., M, K]`; with `transposeA` the last two sizes are swapped.
///   - b: `[K, N]`, or `[..., K, N]`; with `transposeB` the last two sizes are swapped.
///   - transposeA: whether to multiply by the transpose of `a`.
///   - transposeB: whether to multiply by the transpose of `b`.
/// - Returns: `[M, N]`, or `[..., M, N]`; the axes before the last two stretch as in element-wise ops.
public func matmul(
  _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
) -> Tensor {
  precondition(
    a.rank >= 2 && b.rank >= 2,
    "[matmul] shapes \(a.shape) and \(b.shape), expected two axes or more")
  if a.rank == b.rank && (a.rank == 2 || (a.rank == 3 && a.shape[0] == b.shape[0])) {
    return product(a, b, transposeA: transposeA, transposeB: transposeB)
  }
  if b.rank == 2 && !transposeA {  // the rows of all of `a` are one matrix
    let rows = a.reshaped([Shape.count(Array(a.shape.dropLast())), a.shape[a.rank - 1]])
    let result = product(rows, b, transposeA: false, transposeB: transposeB)
    return result.reshaped(a.shape.dropLast() + [result.shape[1]])
  }
  let batch = Shape.broadcast(Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)), op: "matmul")
  let count = Shape.count(batch)
  let left = a.broadcast(to: batch + a.shape.suffix(2)).reshaped([count] + a.shape.suffix(2))
  let right = b.broadcast(to: batch + b.shape.suffix(2)).reshaped([count] + b.shape.suffix(2))
  let result = product(left, right, transposeA: transposeA, transposeB: transposeB)
  return result.reshaped(batch + result.shape.suffix(2))
}

/// Products of matrices of rank 2, or of rank 3 pair by pair.
private func product(
  _ a: Tensor, _ b: Tensor, transposeA: Bool, transposeB: Bool
) -> Tensor {
  let batch = a.rank == 3 ? a.shape[0] : 1
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
          ? product(b, g, transposeA: transposeB, transposeB: true)
          : product(g, b, transposeA: false, transposeB: !transposeB)
      },
      a.rank == 2 && !transposeA && rows <= ProductSum.rowLimit
        ? Derivative(of: b, .product { g in transposeB ? (g, a) : (a, g) })
        : Derivative(of: b) { g in
          transposeB
            ? product(g, a, transposeA: true, transposeB: transposeA)
            : product(a, g, transposeA: !transposeA, transposeB: false)
        },
    ])
}
