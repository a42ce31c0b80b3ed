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

/// Resizes images by copying pixels: output row i is input row floor(i · (H / height)).
///
/// The one-hot planes of a label map stay unwritten: its labels are resized.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - size: the new height and width, at least 1.
/// - Returns: `[N, height, width, C]`.
public func resizeNearest(_ x: Tensor, to size: Size2) -> Tensor {
  checkResize("resizeNearest", x, size)
  if x.shape[1] == size.height && x.shape[2] == size.width { return x }
  if let labels = x.labelMap {
    return resizeNearest(labels.expandedDims(3), to: size).squeezed(3).oneHot(classes: x.shape[3])
  }
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

/// Resizes images by cubic interpolation between sixteen pixels, edges repeated; makes no attempt to avoid aliasing.
///
/// The kernel is that of Keys with a = -0.75, as in PyTorch and OpenCV; results may leave the range of the input.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - size: the new height and width, at least 1.
///   - alignCorners: whether the centres of the corner pixels stay in place, else the image's edges.
/// - Returns: `[N, height, width, C]`.
/// - Source: Keys 1981, Cubic convolution interpolation for digital image processing.
public func resizeBicubic(_ x: Tensor, to size: Size2, alignCorners: Bool = false) -> Tensor {
  checkResize("resizeBicubic", x, size)
  if x.shape[1] == size.height && x.shape[2] == size.width { return x }
  return resampled(
    x, down: .cubic(x.shape[1], to: size.height, alignCorners: alignCorners),
    across: .cubic(x.shape[2], to: size.width, alignCorners: alignCorners))
}

/// Resizes images by taking means of the pixels that each new one covers: adaptive average pooling.
///
/// Output row i is the mean of rows floor(i · H / height) ..< ceil((i + 1) · H / height).
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - size: the new height and width, at least 1.
/// - Returns: `[N, height, width, C]`.
public func resizeArea(_ x: Tensor, to size: Size2) -> Tensor {
  checkResize("resizeArea", x, size)
  if x.shape[1] == size.height && x.shape[2] == size.width { return x }
  return resampled(
    x, down: .area(x.shape[1], to: size.height), across: .area(x.shape[2], to: size.width))
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
