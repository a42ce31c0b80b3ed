internal import Kernels

/// The seam between tensors and the hardware: the few primitive kernels that every op is made of.
///
/// Arguments are checked and shapes are known before a call; results are written once, to storage that nobody else
/// has seen. Above this seam nothing touches a raw pointer. Another device would bring a type of its own.
protocol Backend: Sendable {
  // MARK: Pending values

  /// Computes pending values of equal element count, whose prerequisites are in memory, and settles them.
  ///
  /// The memory of `spent` may be taken for results: nothing reads those values but this pass.
  func compute(_ values: [Value], over spent: [Value])
  /// Computes reductions over one space, whose prerequisites are in memory, and settles them.
  func reduce(_ reductions: [Reduction])
  /// Computes values, pending or not, one behind the other along an axis.
  func concatenate(_ values: [Value], shape: [Int], axis: Int) -> Storage
  /// Equal numbers.
  func fill(_ number: Float, count: Int) -> Storage

  // MARK: Random numbers

  /// Draws from a distribution; element i depends on the stream and i alone.
  func random(
    _ kind: RandomKind, count: Int, low: Float, high: Float, using random: inout RandomStream
  ) -> Storage

  // MARK: Rows by index, scans

  /// Rows of `table` at whole-numbered indices, which are checked to be below `limit`.
  func gatherRows(
    _ table: Storage, _ indices: Storage, count: Int, width: Int, limit: Int, op: StaticString
  ) -> Storage
  /// Rows added up at their indices in a table of `rows` rows, zero elsewhere.
  func scatterAddRows(
    _ source: Storage, _ indices: Storage, count: Int, width: Int, rows: Int
  ) -> Storage
  /// The position of the first greatest element along R.
  func argmax(_ source: Storage, over space: Reduction.Space) -> Storage
  /// Running sums along R.
  func cumulativeSum(_ source: Storage, over space: Reduction.Space) -> Storage

  // MARK: Products and convolutions

  /// Products of matrices, pair by pair.
  func product(_ a: Storage, _ b: Storage, _ geometry: ProductGeometry) -> Storage
  /// `y` from `x` and the weight.
  func convolve(
    _ x: Storage, _ weight: Storage, bias: Storage?, _ geometry: ConvolutionGeometry
  ) -> Storage
  /// `x` from `y` and the weight.
  func convolutionInputGradient(
    _ y: Storage, _ weight: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage
  /// The weight from `x` and `y`.
  func convolutionWeightGradient(
    _ x: Storage, _ y: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage

  /// For each pixel of the output, the sum of table rows `[kH, kW, classes, out]` by the labels in its window.
  func sumLabelRows(
    _ labels: Storage, _ table: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage
  /// Pixels of the output added up in the table rows of the labels in their windows.
  func scatterLabelRows(
    _ labels: Storage, _ y: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage

  // MARK: Images

  /// Mixes pixels along both axes.
  func resample(
    _ x: Storage, batch: Int, channels: Int, down: AxisMap, across: AxisMap
  ) -> Storage
  /// The greatest number of each window, and where it was.
  func maxPool(_ x: Storage, _ geometry: PoolGeometry) -> (output: Storage, places: PlaceTable)
  /// Reads the pixels that `places` names.
  func gatherPlaces(_ places: PlaceTable, _ x: Storage, count: Int) -> Storage
  /// Adds numbers to the pixels that `places` names, of an image that is zero elsewhere.
  func scatterPlaces(_ places: PlaceTable, _ y: Storage, count: Int) -> Storage
}

/// Sizes of a product `[batch, rows, inner] · [batch, inner, columns]`, and which factor lies transposed in memory.
struct ProductGeometry {
  var batch: Int
  var rows: Int
  var columns: Int
  var inner: Int
  var transposeA: Bool
  var transposeB: Bool
}

/// Sizes of a pooling of images.
struct PoolGeometry {
  var batch: Int
  var channels: Int
  var input: Size2
  var output: Size2
  var kernel: Size2
  var stride: Size2
  var padding: Size2
}

/// What computes; another one only while a ``Profile`` is taken. Belongs to the compute thread.
nonisolated(unsafe) var backend: any Backend = CPUBackend()
