/// Reads images at positions that are given as shares of their size, from -1 to 1.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - grid: `[N, height, width, 2]`, x and y; -1 is the left and upper end of the image, 1 the other.
///   - mode: nearest or bilinear.
///   - border: what lies outside.
///   - alignCorners: whether the ends are the centres of the corner pixels, else their outer edges.
/// - Returns: `[N, height, width, C]`; derivatives as for `sampled`.
/// - Source: arXiv:1506.02025, section 3.3.
public func gridSample(
  _ x: Tensor, _ grid: Tensor, mode: SamplingMode = .bilinear, border: SamplingBorder = .zeros,
  alignCorners: Bool = false
) -> Tensor {
  precondition(
    x.rank == 4 && grid.rank == 4 && grid.shape[3] == 2,
    "[gridSample] grid \(grid.shape) for x \(x.shape), expected [N, height, width, 2]")
  let sizes = Tensor([Float(x.shape[2]), Float(x.shape[1])], [2])
  let shares = (grid + 1) * 0.5
  let positions = alignCorners ? shares * (sizes - 1) : shares * sizes - 0.5
  return sampled(x, at: positions, mode: mode, border: border)
}

/// The grid by which `gridSample` warps images with affine maps.
///
///     grid[n, i, j] = maps[n] · (x_j, y_i, 1)
///
/// - Parameters:
///   - maps: `[N, 2, 3]`, from positions in the result to positions in the image, both from -1 to 1.
///   - size: height and width of the result.
///   - alignCorners: as for `gridSample`.
/// - Returns: `[N, height, width, 2]`; pending.
/// - Source: arXiv:1506.02025, equation 1.
public func affineGrid(_ maps: Tensor, size: Size2, alignCorners: Bool = false) -> Tensor {
  precondition(
    maps.rank == 3 && maps.shape[1] == 2 && maps.shape[2] == 3,
    "[affineGrid] maps \(maps.shape), expected [N, 2, 3]")
  let x = centres(size.width, alignCorners).reshaped([1, 1, -1, 1])
  let y = centres(size.height, alignCorners).reshaped([1, -1, 1, 1])
  let columns = maps.split(axis: 2, sizes: [1, 1, 1]).map { $0.reshaped([-1, 1, 1, 2]) }
  return columns[0] * x + columns[1] * y + columns[2]
}

/// The centres of pixels, as positions from -1 to 1.
private func centres(_ size: Int, _ alignCorners: Bool) -> Tensor {
  let steps = Double(alignCorners ? size - 1 : size)
  let places = (0..<size).map { index -> Float in
    if alignCorners && size == 1 { return 0 }
    let place = alignCorners ? Double(index) : Double(index) + 0.5
    return Float(place * 2 / steps - 1)
  }
  return Tensor(places, [size])
}
