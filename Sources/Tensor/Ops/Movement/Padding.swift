/// What stands in the border that `padded` adds.
public enum PaddingMode: String, Sendable, CaseIterable {
  /// Zeros.
  case zero
  /// The tensor mirrored at its edge elements, which are not repeated.
  case reflect
  /// The edge elements.
  case replicate
}

extension Tensor {
  /// A border around the tensor.
  ///
  /// - Parameters:
  ///   - widths: elements before and after, for each axis.
  ///   - mode: what stands there; `reflect` needs widths below the axis's size.
  /// - Returns: each axis longer by its two widths.
  public func padded(
    _ widths: [(before: Int, after: Int)], mode: PaddingMode = .zero
  ) -> Tensor {
    precondition(
      widths.count == rank, "[padded] \(widths.count) pairs of widths for shape \(shape)")
    precondition(
      widths.allSatisfy { $0.before >= 0 && $0.after >= 0 }, "[padded] negative widths \(widths)")
    var result = self
    for (axis, width) in widths.enumerated() where width.before + width.after > 0 {
      result =
        switch mode {
        case .zero: result.zeroPadded(axis: axis, before: width.before, after: width.after)
        case .reflect: result.reflected(axis, width.before, width.after)
        case .replicate: result.replicated(axis, width.before, width.after)
        }
    }
    return result
  }

  private func reflected(_ axis: Int, _ before: Int, _ after: Int) -> Tensor {
    let size = shape[axis]
    precondition(
      before < size && after < size,
      "[padded] reflecting \(before) and \(after) elements of an axis of size \(size)")
    var parts = [self]
    if before > 0 {
      parts.insert(sliced(axis: axis, from: 1, to: before + 1).flipped(axis: axis), at: 0)
    }
    if after > 0 {
      parts.append(
        sliced(axis: axis, from: size - 1 - after, to: size - 1).flipped(axis: axis))
    }
    return Tensor.concatenated(parts, axis: axis)
  }

  private func replicated(_ axis: Int, _ before: Int, _ after: Int) -> Tensor {
    let size = shape[axis]
    precondition(size > 0, "[padded] replicating the edge of an empty axis")
    func edge(_ index: Int, _ width: Int) -> [Tensor] {
      if width == 0 { return [] }
      var target = shape
      target[axis] = width
      return [sliced(axis: axis, from: index, to: index + 1).broadcast(to: target)]
    }
    return Tensor.concatenated(edge(0, before) + [self] + edge(size - 1, after), axis: axis)
  }
}
