/// Enlarges images by copying each pixel into a square.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - factor: side of the square, at least 1.
/// - Returns: `[N, H·factor, W·factor, C]`.
public func upsampleNearest(_ x: Tensor, factor: Int) -> Tensor {
  precondition(x.rank == 4, "[upsampleNearest] x must be [N, H, W, C], found \(x.shape)")
  precondition(factor > 0, "[upsampleNearest] factor \(factor), expected at least 1")
  return resizeNearest(x, to: Size2(x.shape[1] * factor, x.shape[2] * factor))
}

/// Resizes images by copying pixels: output row i is input row floor(i · H / height).
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - size: the new height and width, at least 1.
/// - Returns: `[N, height, width, C]`.
public func resizeNearest(_ x: Tensor, to size: Size2) -> Tensor {
  checkResize("resizeNearest", x, size)
  if x.shape[1] == size.height && x.shape[2] == size.width { return x }
  return resampled(
    x, down: .nearest(x.shape[1], to: size.height), across: .nearest(x.shape[2], to: size.width))
}

/// Resizes images by mixing the four nearest pixels; makes no attempt to avoid aliasing when it reduces.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - size: the new height and width, at least 1.
///   - alignCorners: whether the centres of the corner pixels stay in place, else the image's edges.
/// - Returns: `[N, height, width, C]`.
public func resizeBilinear(_ x: Tensor, to size: Size2, alignCorners: Bool = false) -> Tensor {
  checkResize("resizeBilinear", x, size)
  if x.shape[1] == size.height && x.shape[2] == size.width { return x }
  return resampled(
    x, down: .linear(x.shape[1], to: size.height, alignCorners: alignCorners),
    across: .linear(x.shape[2], to: size.width, alignCorners: alignCorners))
}

private func checkResize(_ name: String, _ x: Tensor, _ size: Size2) {
  precondition(x.rank == 4, "[\(name)] x must be [N, H, W, C], found \(x.shape)")
  precondition(
    x.shape[1] > 0 && x.shape[2] > 0 && size.height > 0 && size.width > 0,
    "[\(name)] from \(x.shape) to \(size), expected sizes of at least 1")
}

/// Applies a linear map along H and one along W.
///
///     result[n, i, j, c] = Σ_{u, v} down[i, u] · across[j, v] · x[n, u, v, c]
func resampled(_ x: Tensor, down: AxisMap, across: AxisMap) -> Tensor {
  let shape = [x.shape[0], down.outputSize, across.outputSize, x.shape[3]]
  let y = backend.resample(
    x.storage, batch: shape[0], channels: shape[3], down: down, across: across)
  return Tensor(
    y, shape: shape,
    derivatives: [
      Derivative(of: x) { g in
        resampled(g, down: down.transposed(), across: across.transposed())
      }
    ])
}
