internal import Kernels

/// Convolutions as one matrix product with the windows of an image.
///
/// Better than the direct kernels, which compute 16 channels at a time, at both ends of a network: where
/// images have few channels, and where so few pixels are left that copying the weights into another order costs
/// more than the convolution. The windows of a 1x1 kernel are the image itself, without a copy. Groups and, where said,
/// strides are left to the direct kernels.
enum WindowConvolution {
  /// The window rows of as many images as are treated at a time.
  nonisolated(unsafe) private static let scratch = ScratchBuffer()

  /// Window floats to have in memory at a time; about half of a last-level cache.
  private static let chunkFloats = 2 << 20

  // MARK: Few pixels, or few numbers seen by each

  /// `y = windows(x) · weightᵀ + bias`.
  static func forward(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ weight: Storage, bias: Storage?,
    into y: Storage
  ) {
    let map = WindowMap(geometry, channelsFirst: true)
    let (outs, pixels) = (geometry.outChannels, geometry.pixels)
    if let bias {
      parallelRows(pixels, work: pixels * outs) { range in
        for pixel in range {
          (y.pointer + pixel * outs).update(from: bias.pointer, count: outs)
        }
      }
    }
    // Few pixels meet weights in the order they have. For many, turning those of a 1x1 kernel pays.
    let isTurned = geometry.isPointwise && pixels > 256
    let factor = isTurned ? WeightOrder.inFirstFlipped.applied(to: weight, geometry) : weight
    BLAS.product(
      windows(map, geometry, x),
      BLAS.Matrix(
        factor.pointer, rowStride: isTurned ? outs : map.rowCount, transposed: !isTurned),
      rows: pixels, columns: outs, inner: map.rowCount, accumulate: bias != nil, into: y.pointer)
  }

  /// `windows(dx) = dy · weight`, added up.
  static func inputGradient(
    _ geometry: ConvolutionGeometry, _ dy: Storage, _ weight: Storage, into dx: Storage
  ) {
    if geometry.isPointwise {
      BLAS.product(
        BLAS.Matrix(dy.pointer, rowStride: geometry.outChannels),
        BLAS.Matrix(weight.pointer, rowStride: geometry.inChannels),
        rows: geometry.pixels, columns: geometry.inChannels, inner: geometry.outChannels,
        into: dx.pointer)
      return
    }
    scattered(
      WindowMap(geometry, channelsFirst: true), dy.pointer, weight.pointer, batch: geometry.batch,
      gridPixels: geometry.output.height * geometry.output.width, inner: geometry.outChannels,
      imageRows: geometry.input.height, bias: nil, into: dx.pointer)
  }

  /// `dw = dyᵀ · windows(x)`.
  static func weightGradient(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ dy: Storage, into dw: Storage
  ) {
    let map = WindowMap(geometry, channelsFirst: true)
    BLAS.product(
      BLAS.Matrix(dy.pointer, rowStride: geometry.outChannels, transposed: true),
      windows(map, geometry, x), rows: geometry.outChannels, columns: map.rowCount,
      inner: geometry.pixels, into: dw.pointer)
  }

  /// The windows that the pixels of `y` see.
  private static func windows(
    _ map: WindowMap, _ geometry: ConvolutionGeometry, _ x: Storage
  ) -> BLAS.Matrix {
    let rows = geometry.batch * geometry.output.height
    let numbers =
      geometry.isPointwise ? x.pointer : gathered(map, x.pointer, rows: rows, geometry.pixels)
    return BLAS.Matrix(numbers, rowStride: map.rowCount)
  }

  // MARK: Few input channels

  /// `windows(dx) = dy · weight`, added up, with weights in the order (out, kH, kW, in).
  static func inputGradientToFewChannels(
    _ geometry: ConvolutionGeometry, _ dy: Storage, _ weight: Storage, into dx: Storage
  ) {
    let turned = WeightOrder.outFirst.applied(to: weight, geometry)
    scattered(
      WindowMap(geometry, channelsFirst: false), dy.pointer, turned.pointer,
      batch: geometry.batch, gridPixels: geometry.output.height * geometry.output.width,
      inner: geometry.outChannels, imageRows: geometry.input.height, bias: nil, into: dx.pointer)
  }

  // MARK: Few output channels, stride 1

  /// Each pixel of `x` adds to the window of `y` that sees it: `windows(y) = x · turned weight`.
  static func forwardToFewChannels(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ weight: Storage, bias: Storage?,
    into y: Storage
  ) {
    let turned = WeightOrder.inFirstFlipped.applied(to: weight, geometry)
    scattered(
      WindowMap(reversing: geometry), x.pointer, turned.pointer, batch: geometry.batch,
      gridPixels: geometry.input.height * geometry.input.width, inner: geometry.inChannels,
      imageRows: geometry.output.height, bias: bias?.pointer, into: y.pointer)
  }

  /// `turned dw = xᵀ · windows(dy)`.
  static func weightGradientFromFewChannels(
    _ geometry: ConvolutionGeometry, _ x: Storage, _ dy: Storage, into dw: Storage
  ) {
    let map = WindowMap(reversing: geometry)
    let turned = Storage(count: geometry.weightCount)
    let imagePixels = geometry.input.height * geometry.input.width
    var isFirst = true
    forChunks(batch: geometry.batch, floatsPerImage: imagePixels * map.rowCount) { images in
      let pixels = images.count * imagePixels
      let windows = gathered(
        map, dy.pointer + images.lowerBound * geometry.outputCount / geometry.batch,
        rows: images.count * geometry.input.height, pixels)
      BLAS.product(
        BLAS.Matrix(
          x.pointer + images.lowerBound * imagePixels * geometry.inChannels,
          rowStride: geometry.inChannels, transposed: true),
        BLAS.Matrix(windows, rowStride: map.rowCount),
        rows: geometry.inChannels, columns: map.rowCount, inner: pixels, accumulate: !isFirst,
        into: turned.pointer)
      isFirst = false
    }
    WeightOrder.inFirstFlipped.undo(turned, geometry, into: dw)
  }

  // MARK: Shared parts

  private static func gathered(
    _ map: WindowMap, _ image: UnsafePointer<Float>, rows: Int, _ pixels: Int
  ) -> UnsafeMutablePointer<Float> {
    let windows = scratch.reserve(floats: pixels * map.rowCount + 8)
    parallelRows(rows, work: pixels * map.rowCount) { range in
      gatherWindows(map, image: image, rows: range, into: windows)
    }
    return windows
  }

  /// `image = Σ windows`, where the windows are `grid · weight`.
  private static func scattered(
    _ map: WindowMap, _ grid: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, batch: Int,
    gridPixels: Int, inner: Int, imageRows: Int, bias: UnsafePointer<Float>?,
    into image: UnsafeMutablePointer<Float>
  ) {
    forChunks(batch: batch, floatsPerImage: gridPixels * map.rowCount) { images in
      let pixels = images.count * gridPixels
      let windows = scratch.reserve(floats: pixels * map.rowCount + 8)
      BLAS.product(
        BLAS.Matrix(grid + images.lowerBound * gridPixels * inner, rowStride: inner),
        BLAS.Matrix(weight, rowStride: map.rowCount),
        rows: pixels, columns: map.rowCount, inner: inner, into: windows)
      let target = image + images.lowerBound * map.imageCount
      parallelRows(images.count * imageRows, work: pixels * map.rowCount) { range in
        scatterWindows(map, windows: windows, rows: range, bias: bias, into: target)
      }
    }
  }

  /// Splits a batch so that the windows of each part fit the scratch memory.
  private static func forChunks(
    batch: Int, floatsPerImage: Int, _ body: (_ images: Range<Int>) -> Void
  ) {
    let step = max(1, chunkFloats / max(1, floatsPerImage))
    for first in stride(from: 0, to: batch, by: step) { body(first..<min(batch, first + step)) }
  }
}

extension WindowMap {
  /// The pixels of `y` looking at `x`.
  fileprivate init(_ geometry: ConvolutionGeometry, channelsFirst: Bool) {
    self.init(
      image: (geometry.input.height, geometry.input.width), channels: geometry.inChannels,
      grid: (geometry.output.height, geometry.output.width),
      kernel: (geometry.kernel.height, geometry.kernel.width),
      stride: (geometry.stride.height, geometry.stride.width),
      dilation: (geometry.dilation.height, geometry.dilation.width),
      padding: (geometry.padding.height, geometry.padding.width), channelsFirst: channelsFirst)
  }

  /// The pixels of `x` looking at `y` through the flipped kernel, for stride 1.
  fileprivate init(reversing geometry: ConvolutionGeometry) {
    self.init(
      image: (geometry.output.height, geometry.output.width), channels: geometry.outChannels,
      grid: (geometry.input.height, geometry.input.width),
      kernel: (geometry.kernel.height, geometry.kernel.width), stride: (1, 1),
      dilation: (geometry.dilation.height, geometry.dilation.width),
      padding: (
        geometry.window.height - 1 - geometry.padding.height,
        geometry.window.width - 1 - geometry.padding.width
      ), channelsFirst: false)
  }
}
