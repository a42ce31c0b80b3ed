/// How an image is read between its pixels.
public enum SamplingMode: Sendable, CaseIterable {
  /// The nearest pixel, halves to the even one. Positions have no derivative.
  case nearest
  /// The four pixels around, mixed by distance.
  case bilinear
}

/// What an image is read as outside of itself.
public enum SamplingBorder: Sendable, CaseIterable {
  /// Zero.
  case zeros
  /// The nearest pixel of its edge.
  case replicate
}

/// Reads images at arbitrary positions, counted in pixels.
///
///     result[n, i, j] = x[n, positions[n, i, j].y, positions[n, i, j].x]
///
/// The first derivative exists for the image and, with `bilinear`, for the positions; so does the second, except
/// where a position lies on a pixel's row or column, at which the slope jumps.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - positions: `[N, height, width, 2]`, x and y, in pixels: 0 is the centre of the first one.
///   - mode: nearest or bilinear.
///   - border: zeros or the edge.
/// - Returns: `[N, height, width, C]`.
public func sampled(
  _ x: Tensor, at positions: Tensor, mode: SamplingMode = .bilinear, border: SamplingBorder = .zeros
) -> Tensor {
  precondition(
    x.rank == 4 && positions.rank == 4 && positions.shape[0] == x.shape[0]
      && positions.shape[3] == 2,
    "[sampled] positions \(positions.shape) for x \(x.shape), expected [N, height, width, 2]")
  let size = Size2(x.shape[1], x.shape[2])
  precondition(
    size.height > 0 && size.width > 0, "[sampled] x \(x.shape), expected sizes of at least 1")
  let image = x.reshaped([-1, x.shape[3]])
  let first = (withoutGradient { Tensor.range(x.shape[0]) * Float(size.height * size.width) })
    .reshaped([-1, 1, 1])
  var across = positions.sliced(axis: 3, from: 0, to: 1).squeezed(3)
  var down = positions.sliced(axis: 3, from: 1, to: 2).squeezed(3)
  if mode == .nearest { (across, down) = (across.round(), down.round()) }
  if border == .replicate {
    (across, down) = (across.held(below: size.width), down.held(below: size.height))
  }
  var result: Tensor?
  for row in down.taps(mode, below: size.height) {
    for column in across.taps(mode, below: size.width) {
      let index = withoutGradient { first + row.index * Float(size.width) + column.index }
      let weight = (row.weight * column.weight).expandedDims(3)
      let part = image.gathered(rows: index) * weight
      result = result.map { $0 + part } ?? part
    }
  }
  return result ?? .zeros(x.shape)
}

extension Tensor {
  /// Positions moved into the image; the derivative passes strictly inside only, as in PyTorch.
  fileprivate func held(below size: Int) -> Tensor {
    let last = Float(size - 1)
    let inside = withoutGradient { (self .> 0) * (self .< last) }
    return `where`(inside, self, detached().clamp(min: 0, max: last))
  }

  /// The pixels that positions along one axis read, and their shares: 0 outside of the image.
  fileprivate func taps(
    _ mode: SamplingMode, below size: Int
  ) -> [(index: Tensor, weight: Tensor)] {
    let last = Float(size - 1)
    func tap(_ index: Tensor, _ share: Tensor?) -> (index: Tensor, weight: Tensor) {
      let index = index.detached()
      let inside = (index .>= 0) * (index .<= last)
      return (index.clamp(min: 0, max: last), share.map { $0 * inside } ?? inside)
    }
    let low = floor().detached()
    switch mode {
    case .nearest: return [tap(low, nil)]
    case .bilinear:
      let share = self - low
      return [tap(low, 1 - share), tap(low + 1, share)]
    }
  }
}
