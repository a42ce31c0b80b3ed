extension Tensor {
  /// Rows looked up by index, as in an embedding.
  ///
  ///     result[i…, …] = self[indices[i…], …]
  ///
  /// - Parameter indices: whole numbers in 0..<shape[0], any shape.
  /// - Returns: the shape of `indices`, followed by that of a row.
  public func gathered(rows indices: Tensor) -> Tensor {
    precondition(rank >= 1, "[gathered] a scalar has no rows")
    let count = shape[0]
    let row = Array(shape.dropFirst())
    let width = Shape.count(row)
    let output = backend.gatherRows(
      storage, indices.storage, count: indices.count, width: width, limit: count, op: "gathered")
    let indices = indices.detached()
    return Tensor(
      output, shape: indices.shape + row,
      derivatives: [Derivative(of: self) { g in g.summed(to: indices, rows: count, row: row) }])
  }

  /// Rows added up at indices of a longer or shorter table, zero where no index points: `gathered` turned round.
  ///
  ///     result[r, …] = Σ self[i…, …] over all i… with indices[i…] = r
  ///
  /// - Parameters:
  ///   - indices: whole numbers in 0..<rows, in the shape of this tensor's first axes.
  ///   - rows: the length of the table.
  /// - Returns: `[rows]`, followed by the shape of a row.
  public func scatterAdded(to indices: Tensor, rows: Int) -> Tensor {
    precondition(
      Array(shape.prefix(indices.rank)) == indices.shape,
      "[scatterAdded] indices \(indices.shape) for rows of \(shape), expected its first axes")
    indices.withScalars { numbers in
      for (position, index) in numbers.enumerated() {
        precondition(
          index >= 0 && index < Float(rows) && index == index.rounded(.down),
          "[scatterAdded] index \(index) at position \(position), expected a whole number in 0..<\(rows)"
        )
      }
    }
    return summed(
      to: indices.detached(), rows: rows, row: Array(shape.dropFirst(indices.rank)))
  }

  private func summed(to indices: Tensor, rows: Int, row: [Int]) -> Tensor {
    let width = Shape.count(row)
    let output = backend.scatterAddRows(
      storage, indices.storage, count: indices.count, width: width, rows: rows)
    return Tensor(
      output, shape: [rows] + row,
      derivatives: [Derivative(of: self) { g in g.gathered(rows: indices) }])
  }

  /// 1 at the index and 0 elsewhere, along a new last axis; pending, takes no memory by itself.
  ///
  /// Indices outside 0..<classes give zeros only.
  public func oneHot(classes: Int) -> Tensor {
    let planes = detached().expandedDims(-1) .== Tensor.range(classes)
    planes.value.labels = value
    return planes
  }
}
