internal import Kernels

/// Convolutions with 4x4 kernels by minimal filtering of tiles; see `MinimalFiltering`.
///
/// A convolution of stride 2 is one of stride 1 with 2x2 kernels on the four phases of the image, the images of its even
/// and odd rows and columns. Tiles of the image and filters are brought to points; at each point a convolution is a
/// matrix product of tiles by channels, and the results are brought back. Channels must be multiples of 16.
struct TileConvolution {
  let geometry: ConvolutionGeometry
  let filtering: MinimalFiltering
  /// Stride, and so the number of phases along each axis.
  private let stride: Int
  private let padding: Size2
  /// Phases and channels of `x`.
  private var inner: Int { stride * stride * geometry.inChannels }
  private var points: Int { filtering.size * filtering.size }

  /// Floats at the points to have in memory at a time.
  ///
  /// A part of a last-level cache; more for the gradient of weights, which is read and written for each part.
  var chunkFloats = 4 << 20
  var sumFloats = 32 << 20

  nonisolated(unsafe) private static let sources = ScratchBuffer()
  nonisolated(unsafe) private static let results = ScratchBuffer()

  private init(_ geometry: ConvolutionGeometry, _ filtering: MinimalFiltering) {
    self.geometry = geometry
    self.filtering = filtering
    stride = geometry.stride.height
    padding = geometry.padding
  }

  /// The filtering for a geometry that needs the fewest multiplications; `nil` if there is none or it gains too little.
  init?(
    _ geometry: ConvolutionGeometry, _ direction: DNNLConvolution.Direction,
    atLeast gain: Double
  ) {
    guard geometry.kernel == 4, geometry.stride == 1 || geometry.stride == 2,
      geometry.dilation == 1, geometry.groups == 1, geometry.inChannels % 16 == 0,
      geometry.outChannels % 16 == 0
    else { return nil }
    let candidates: [MinimalFiltering] =
      geometry.stride == 1 ? [.threeByFour] : [.fourByTwo, .fiveByTwo]
    let plans = candidates.map { TileConvolution(geometry, $0) }
    let work = { (plan: TileConvolution) in
      plan.filtering.work(direction == .inputGradient ? plan.inputPlane.size : geometry.output)
        * plan.stride * plan.stride
    }
    guard let best = plans.min(by: { work($0) < work($1) }) else { return nil }
    let direct = 16 * geometry.output.height * geometry.output.width
    guard Double(direct) >= gain * Double(work(best)) else { return nil }
    self = best
  }

  /// Tiles of the batch that each direction treats.
  var tileCount: Int {
    let tiles = filtering.tiles(geometry.output)
    return geometry.batch * tiles.rows * tiles.columns
  }

  // MARK: The three directions

  /// `y = conv(x, weight) + bias`.
  func forward(_ x: Storage, _ weight: Storage, bias: Storage?, into y: Storage) {
    let outer = geometry.outChannels
    let filters = filters(weight, FilterForm(filtering, geometry.weightShape, isFlipped: false))
    let tiles = filtering.tiles(geometry.output)
    forChunks(geometry.batch * tiles.rows * tiles.columns, chunkFloats) { chunk in
      let source = Self.sources.reserve(floats: points * pointStride(chunk.count, inner))
      let result = Self.results.reserve(floats: points * pointStride(chunk.count, outer))
      spreadImage(x, tiles, chunk, into: source)
      multiply(chunk.count, inner, outer, source, filters.pointer, into: result)
      let grid = outputGrid(tiles, top: 0, left: 0)
      withMatrix(filtering.collectOutputs, filtering.outputs) { matrix in
        parallelRows(chunk.count, work: points * chunk.count * outer) { part in
          collectTiles(
            grid,
            points: TilePoints(
              result, pointStride: pointStride(chunk.count, outer), rowStride: outer, column: 0),
            matrix: matrix, tiles: shifted(part, chunk), first: chunk.lowerBound,
            bias: bias?.pointer, into: y.pointer)
        }
      }
    }
  }

  /// The gradient for `x`, given that for `y`.
  func inputGradient(_ dy: Storage, _ weight: Storage, into dx: Storage) {
    let outer = geometry.outChannels
    let filters = filters(weight, FilterForm(filtering, geometry.weightShape, isFlipped: true))
    let plane = inputPlane
    let tiles = filtering.tiles(plane.size)
    forChunks(geometry.batch * tiles.rows * tiles.columns, chunkFloats) { chunk in
      let source = Self.sources.reserve(floats: points * pointStride(chunk.count, outer))
      let result = Self.results.reserve(floats: points * pointStride(chunk.count, inner))
      let reach = filtering.taps - 1
      let grid = outputGrid(tiles, top: plane.first.height - reach, left: plane.first.width - reach)
      spread(
        dy, [grid], filtering.spreadInputs, chunk, outer, band: tiles.columns, into: source)
      multiply(chunk.count, outer, inner, source, filters.pointer, into: result)
      withMatrix(filtering.collectOutputs, filtering.outputs) { matrix in
        parallelRows(chunk.count, work: points * chunk.count * inner) { part in
          forBands(shifted(part, chunk), tiles.columns) { band in
            for phase in 0..<(stride * stride) {
              collectTiles(
                inputGrid(tiles, phase, first: plane.first),
                points: TilePoints(
                  result, pointStride: pointStride(chunk.count, inner), rowStride: inner,
                  column: phase * geometry.inChannels),
                matrix: matrix, tiles: band, first: chunk.lowerBound, bias: nil, into: dx.pointer)
            }
          }
        }
      }
    }
  }

  /// The gradient for the weights, given `x` and the gradient for `y`.
  func weightGradient(_ x: Storage, _ dy: Storage, into dw: Storage) {
    let outer = geometry.outChannels
    let sums = Storage(count: points * pointStride(inner, outer))
    let tiles = filtering.tiles(geometry.output)
    forChunks(geometry.batch * tiles.rows * tiles.columns, sumFloats) { chunk in
      let source = Self.sources.reserve(floats: points * pointStride(chunk.count, inner))
      let result = Self.results.reserve(floats: points * pointStride(chunk.count, outer))
      spreadImage(x, tiles, chunk, into: source)
      let grid = outputGrid(tiles, top: 0, left: 0)
      spread(
        dy, [grid], filtering.spreadOutputs, chunk, outer, band: tiles.columns, into: result)
      parallel(points) { point in
        BLAS.product(
          BLAS.Matrix(
            source + point * pointStride(chunk.count, inner), rowStride: inner, transposed: true),
          BLAS.Matrix(result + point * pointStride(chunk.count, outer), rowStride: outer),
          rows: inner, columns: outer, inner: chunk.count, accumulate: chunk.lowerBound > 0,
          into: sums.pointer + point * pointStride(inner, outer))
      }
    }
    withMatrix(filtering.collectFilter, filtering.taps) { matrix in
      let arrangement = arrangement(isFlipped: false)
      parallelRows(geometry.inChannels, work: geometry.weightCount) { rows in
        collectFilters(
          arrangement, points: sums.pointer, matrix: matrix, rows: rows, into: dw.pointer)
      }
    }
  }

  // MARK: Parts

  /// Floats from the matrix of one point to that of the next.
  private func pointStride(_ rows: Int, _ columns: Int) -> Int { rows * columns + pointGap }

  /// The pixels of one phase of `x`, as a plane: where it begins, and its size.
  private var inputPlane: (first: Size2, size: Size2) {
    let axis = { (size: Int, padding: Int) -> (Int, Int) in
      let first = max(0, padding / stride)
      return (first, (size - 1 + padding) / stride + 1 - first)
    }
    let (top, height) = axis(geometry.input.height, padding.height)
    let (left, width) = axis(geometry.input.width, padding.width)
    return (Size2(top, left), Size2(height, width))
  }

  private func inputGrid(
    _ tiles: (rows: Int, columns: Int), _ phase: Int, first: Size2
  ) -> TileGrid {
    TileGrid(
      image: (geometry.input.height, geometry.input.width), channels: geometry.inChannels,
      tiles: tiles, tileStep: filtering.outputs, pixelStep: stride,
      top: stride * first.height + phase / stride - padding.height,
      left: stride * first.width + phase % stride - padding.width)
  }

  private func outputGrid(_ tiles: (rows: Int, columns: Int), top: Int, left: Int) -> TileGrid {
    TileGrid(
      image: (geometry.output.height, geometry.output.width), channels: geometry.outChannels,
      tiles: tiles, tileStep: filtering.outputs, pixelStep: 1, top: top, left: left)
  }

  private func spreadImage(
    _ x: Storage, _ tiles: (rows: Int, columns: Int), _ chunk: Range<Int>,
    into points: UnsafeMutablePointer<Float>
  ) {
    let grids = (0..<(stride * stride)).map { inputGrid(tiles, $0, first: 0) }
    spread(x, grids, filtering.spreadInputs, chunk, inner, band: tiles.columns, into: points)
  }

  /// Brings the tiles of each grid to points, the grids side by side in the rows.
  private func spread(
    _ image: Storage, _ grids: [TileGrid], _ numbers: [Float], _ chunk: Range<Int>,
    _ rowCount: Int, band: Int, into points: UnsafeMutablePointer<Float>
  ) {
    let width = rowCount / grids.count
    withMatrix(numbers, filtering.size) { matrix in
      parallelRows(chunk.count, work: self.points * chunk.count * rowCount) { part in
        forBands(shifted(part, chunk), band) { band in
          for (index, grid) in grids.enumerated() {
            spreadTiles(
              grid, image: image.pointer, matrix: matrix, tiles: band, first: chunk.lowerBound,
              into: TilePoints(
                points, pointStride: pointStride(chunk.count, rowCount), rowStride: rowCount,
                column: index * width))
          }
        }
      }
    }
  }

  /// Takes tiles in bands of a few, so that phases of the same pixels follow each other while these are in cache.
  private func forBands(_ tiles: Range<Int>, _ count: Int, _ body: (Range<Int>) -> Void) {
    for first in Swift.stride(from: tiles.lowerBound, to: tiles.upperBound, by: count) {
      body(first..<min(tiles.upperBound, first + count))
    }
  }

  /// At each point: `result = source · filters`, where `source` is tiles × `from`.
  private func multiply(
    _ tiles: Int, _ from: Int, _ to: Int, _ source: UnsafePointer<Float>,
    _ filters: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    parallel(points) { point in
      BLAS.product(
        BLAS.Matrix(source + point * pointStride(tiles, from), rowStride: from),
        BLAS.Matrix(filters + point * pointStride(from, to), rowStride: to), rows: tiles,
        columns: to,
        inner: from, into: result + point * pointStride(tiles, to))
    }
  }

  private func arrangement(isFlipped: Bool) -> FilterArrangement {
    let side = geometry.kernel.height
    let ins = (channels: geometry.inChannels, step: side * side)
    let outs = (channels: geometry.outChannels, step: geometry.inChannels * side * side)
    return FilterArrangement(
      side: side, stride: stride, rows: isFlipped ? outs : ins, columns: isFlipped ? ins : outs,
      phasesInRows: !isFlipped, isFlipped: isFlipped)
  }

  /// The weights at their points.
  private func filters(_ weight: Storage, _ form: FilterForm) -> Storage {
    weight.form(form, keeping: .onceAskedAgain) { spread(weight, form) }
  }

  private func spread(_ weight: Storage, _ form: FilterForm) -> Storage {
    let arrangement = arrangement(isFlipped: form.isFlipped)
    let filters = Storage(count: points * arrangement.pointStride)
    withMatrix(filtering.spreadFilter, filtering.size) { matrix in
      let rows = form.isFlipped ? geometry.outChannels : geometry.inChannels
      parallelRows(rows, work: geometry.weightCount) { range in
        spreadFilters(
          arrangement, weight: weight.pointer, matrix: matrix, rows: range, into: filters.pointer)
      }
    }
    return filters
  }

  private func forChunks(_ tiles: Int, _ floats: Int, _ body: (Range<Int>) -> Void) {
    let perTile = points * (inner + geometry.outChannels)
    let step = max(16, floats / perTile)
    for first in Swift.stride(from: 0, to: tiles, by: step) {
      body(first..<min(tiles, first + step))
    }
  }

  private func shifted(_ part: Range<Int>, _ chunk: Range<Int>) -> Range<Int> {
    (part.lowerBound + chunk.lowerBound)..<(part.upperBound + chunk.lowerBound)
  }

  private func withMatrix(_ numbers: [Float], _ rows: Int, _ body: (TileMatrix) -> Void) {
    numbers.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      body(TileMatrix(rows: rows, columns: numbers.count / rows, numbers: base))
    }
  }
}

/// The key of weights at the points of a filtering.
private struct FilterForm: Hashable {
  let shape: [Int]
  let outputs: Int
  let taps: Int
  let isFlipped: Bool

  init(_ filtering: MinimalFiltering, _ shape: [Int], isFlipped: Bool) {
    self.shape = shape
    outputs = filtering.outputs
    taps = filtering.taps
    self.isFlipped = isFlipped
  }
}
