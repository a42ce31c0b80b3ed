/// Mixes values by how well their keys fit each query.
///
///     weights = softmax(scale · queries · keysᵀ over K)        result = weights · values
///
/// - Parameters:
///   - queries: `[N, Q, D]`, such as the positions of a feature map.
///   - keys: `[N, K, D]`, such as the words of a sentence.
///   - values: `[N, K, C]`; the keys if absent.
///   - mask: not zero where a key takes part, `[N, K]` or `[N, Q, K]`; all if absent.
///   - scale: factor of the scores.
/// - Returns: `result` `[N, Q, C]` and `weights` `[N, Q, K]`, zero for a query that may see no key.
/// - Source: arXiv:1706.03762, equation 1, with scale 1/√D.
public func attention(
  _ queries: Tensor, keys: Tensor, values: Tensor? = nil, mask: Tensor? = nil, scale: Float = 1
) -> (result: Tensor, weights: Tensor) {
  let values = values ?? keys
  precondition(
    queries.rank == 3 && keys.rank == 3 && values.rank == 3
      && Array(keys.shape.prefix(2)) == Array(values.shape.prefix(2)),
    "[attention] queries \(queries.shape), keys \(keys.shape), values \(values.shape), expected [N, Q, D], [N, K, D], [N, K, C]"
  )
  let scores = matmul(queries, keys, transposeB: true) * scale  // [N, Q, K]
  let weights =
    mask.map { scores.softmax(mask: $0.rank == 2 ? $0.expandedDims(1) : $0) } ?? scores.softmax()
  return (matmul(weights, values), weights)
}
