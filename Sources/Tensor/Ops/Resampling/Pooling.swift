/// Takes the mean of each window of an image.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - kernel: size of the window.
///   - stride: distance between windows; the size of the window if absent.
///   - padding: zeros added on all four sides, at most half the window.
///   - countsPadding: whether those zeros take part in the mean, else it is over the image's pixels only.
/// - Returns: `[N, (H + 2·padding - kernel) / stride + 1, …, C]`.
public func avgPool2d(
  _ x: Tensor, kernel: Size2, stride: Size2? = nil, padding: Size2 = 0, countsPadding: Bool = true
) -> Tensor {
  let stride = stride ?? kernel
  checkPooling("avgPool2d", x, kernel, stride, padding)
  return resampled(
    x,
    down: .average(
      x.shape[1], kernel: kernel.height, stride: stride.height, padding: padding.height,
      countsPadding: countsPadding),
    across: .average(
      x.shape[2], kernel: kernel.width, stride: stride.width, padding: padding.width,
      countsPadding: countsPadding))
}

/// Takes the mean of each channel over the image.
///
/// - Parameter x: `[N, H, W, C]`.
/// - Returns: `[N, C]`.
public func globalAveragePool(_ x: Tensor) -> Tensor {
  precondition(x.rank == 4, "[globalAveragePool] x must be [N, H, W, C], found \(x.shape)")
  return x.mean(axes: [1, 2])
}

/// What becomes of pixels at the end of an axis that fill no whole window.
public enum PoolRemainder: Sendable {
  /// They are left out.
  case dropped
  /// They make a window of their own, if it begins within the image or the padding before it.
  case kept

  func windows(_ input: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
    let room = input + 2 * padding - kernel
    guard self == .kept else { return room / stride + 1 }
    let count = (room + stride - 1) / stride + 1
    return (count - 1) * stride >= input + padding ? count - 1 : count
  }
}

/// Takes the largest number in each window of an image; of equal ones the first in reading order.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - kernel: size of the window.
///   - stride: distance between windows; the size of the window if absent.
///   - padding: pixels added on all four sides that are never chosen, at most half the window.
///   - remainder: whether pixels at the lower and right end that fill no whole window are left out or make one.
/// - Returns: `[N, (H + 2·padding - kernel) / stride + 1, …, C]`, rounded down, or up where the remainder is kept.
public func maxPool2d(
  _ x: Tensor, kernel: Size2, stride: Size2? = nil, padding: Size2 = 0,
  remainder: PoolRemainder = .dropped
) -> Tensor {
  let stride = stride ?? kernel
  checkPooling("maxPool2d", x, kernel, stride, padding)
  let input = Size2(x.shape[1], x.shape[2])
  let output = Size2(
    remainder.windows(input.height, kernel.height, stride.height, padding.height),
    remainder.windows(input.width, kernel.width, stride.width, padding.width))
  let shape = [x.shape[0], output.height, output.width, x.shape[3]]
  let (y, places) = backend.maxPool(
    x.storage,
    PoolGeometry(
      batch: shape[0], channels: shape[3], input: input, output: output, kernel: kernel,
      stride: stride, padding: padding))
  let inputShape = x.shape
  return Tensor(
    y, shape: shape,
    derivatives: [Derivative(of: x) { g in scattered(g, places, shape: inputShape) }])
}

/// Puts each number of `y` where `places` says it came from, adding up; zeros elsewhere.
private func scattered(_ y: Tensor, _ places: PlaceTable, shape: [Int]) -> Tensor {
  let x = backend.scatterPlaces(places, y.storage, count: Shape.count(shape))
  let outputShape = y.shape
  return Tensor(
    x, shape: shape,
    derivatives: [Derivative(of: y) { g in gathered(g, places, shape: outputShape) }])
}

/// Reads the pixels of `x` that `places` names: the derivative of `scattered`, whose derivative is that.
private func gathered(_ x: Tensor, _ places: PlaceTable, shape: [Int]) -> Tensor {
  let y = backend.gatherPlaces(places, x.storage, count: Shape.count(shape))
  let inputShape = x.shape
  return Tensor(
    y, shape: shape,
    derivatives: [Derivative(of: x) { g in scattered(g, places, shape: inputShape) }])
}

private func checkPooling(
  _ name: String, _ x: Tensor, _ kernel: Size2, _ stride: Size2, _ padding: Size2
) {
  precondition(
    x.rank == 4 && x.shape[1] > 0 && x.shape[2] > 0,
    "[\(name)] x must be [N, H, W, C] with H and W above 0, found \(x.shape)")
  precondition(
    kernel.height > 0 && kernel.width > 0 && stride.height > 0 && stride.width > 0,
    "[\(name)] kernel \(kernel) and stride \(stride) must be at least 1")
  precondition(
    padding.height >= 0 && padding.width >= 0 && 2 * padding.height <= kernel.height
      && 2 * padding.width <= kernel.width,
    "[\(name)] padding \(padding), expected at most half the kernel \(kernel)")
  precondition(
    x.shape[1] + 2 * padding.height >= kernel.height
      && x.shape[2] + 2 * padding.width >= kernel.width,
    "[\(name)] kernel \(kernel) exceeds x \(x.shape) with padding \(padding)")
}
