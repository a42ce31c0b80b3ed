import PluginAPI

/// Moves features by one affine map, which a small network reads off the key points of both poses.
///
/// Three linear layers with leaky ReLU between them, from 2 numbers a key point in pixels; the map
/// is the identity at first.
///
/// - Source: arXiv:1506.02025, in the form of the Keras code of arXiv:1801.00055.
struct PoseTransformer: Module {
  let layers: [Linear]

  /// Creates the network for so many key points, of both poses together.
  init(points: Int) {
    func layer(_ inputs: Int, _ outputs: Int) -> Linear {
      Linear(inputs, outputs, initial: .xavierUniform(), initialBias: .zeros)
    }
    layers = [
      layer(2 * points, 64), layer(64, 32),
      Linear(32, 6, initial: .zeros, initialBias: .values([1, 0, 0, 0, 1, 0])),
    ]
  }

  /// The maps of a batch, `[N, 2, 3]`, from key points in ports of two names, those of the source first.
  ///
  /// Each point counts with y, then x; a missing one with -1 and -1, as ports have it.
  func maps(_ inputs: Values, from source: String, to target: String) -> Tensor {
    let points = [source, target].map { name -> Tensor in
      let pairs = Tensor.stacked([inputs["\(name).y"], inputs["\(name).x"]], axis: 2)  // [N, K, 2]
      return pairs.reshaped([pairs.shape[0], -1])
    }
    var y = Tensor.concatenated(points, axis: 1)
    for (index, layer) in layers.enumerated() {
      y = layer(y)
      if index < layers.count - 1 { y = y.leakyRelu(0.2) }
    }
    return y.reshaped([-1, 2, 3])
  }

  /// Moves `x [N, H, W, C]` by `maps [N, 2, 3]`, with bilinear interpolation.
  ///
  ///     y(u, v) = x((u' + 1) W / 2, (v' + 1) H / 2),  (u', v') = A (u, v, 1),  u, v from -1 to 1
  ///
  /// u and v run from the first to the last pixel, but W and H count all pixels, so that the identity
  /// enlarges a little; what lies on or beyond the last row or column is 0. The authors' code has it so.
  func callAsFunction(_ x: Tensor, _ maps: Tensor) -> Tensor {
    let size = Size2(x.shape[1], x.shape[2])
    let grid = affineGrid(maps, size: size, alignCorners: true)
    let sides = Tensor([Float(size.width), Float(size.height)], [2])
    let positions = (grid + 1) * 0.5 * sides  // [N, H, W, 2]
    let isInside = withoutGradient {
      ((positions .>= 0) * (positions .< sides - 1)).min(axes: [3], keepingDims: true)
    }
    return sampled(x, at: positions) * isInside
  }
}
