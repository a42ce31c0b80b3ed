/// How the taps of square filters `[out, in, side, side]` are split by stride and arranged in transformed form.
///
/// With stride s, tap (s·k + a, s·l + b) is tap (k, l) of the smaller filter of phase (a, b). In transformed form, matrix p
/// holds the phases and channels of one operand by those of the other.
public struct FilterArrangement {
  let side: Int
  let stride: Int
  /// Channels along the rows and along the columns of the matrices; columns are a multiple of 16.
  let rowChannels: Int
  let columnChannels: Int
  /// Floats between two filters that differ in the row's channel, or in the column's.
  let rowStep: Int
  let columnStep: Int
  /// Whether phases divide the rows, else the columns.
  let phasesInRows: Bool
  /// Whether the taps of the smaller filters are taken backwards.
  let isFlipped: Bool

  /// Describes the arrangement.
  public init(
    side: Int, stride: Int, rows: (channels: Int, step: Int), columns: (channels: Int, step: Int),
    phasesInRows: Bool, isFlipped: Bool
  ) {
    self.side = side
    self.stride = stride
    (rowChannels, rowStep) = rows
    (columnChannels, columnStep) = columns
    self.phasesInRows = phasesInRows
    self.isFlipped = isFlipped
  }

  var taps: Int { side / stride }
  var phases: Int { stride * stride }
  var columnCount: Int { columnChannels * (phasesInRows ? 1 : phases) }
  var rowCount: Int { rowChannels * (phasesInRows ? phases : 1) }

  /// Floats from one transformed matrix to the next.
  public var pointStride: Int { rowCount * columnCount + pointGap }

  /// The place of tap (k, l) of phase (a, b) in a filter.
  @inline(__always)
  func tap(_ a: Int, _ b: Int, _ k: Int, _ l: Int) -> Int {
    let (row, column) = isFlipped ? (taps - 1 - k, taps - 1 - l) : (k, l)
    return (stride * row + a) * side + stride * column + b
  }

  /// The place of a row's channel, a phase and a column's channel in a matrix.
  @inline(__always)
  func place(_ row: Int, _ phase: Int, _ column: Int) -> Int {
    phasesInRows
      ? (phase * rowChannels + row) * columnCount + column
      : row * columnCount + phase * columnChannels + column
  }
}

private typealias Lanes = SIMD16<Float>

/// Transforms filters: `points = matrix · filter · matrixᵀ`, for the row channels `rows`.
public func spreadFilters(
  _ arrangement: FilterArrangement, weight: UnsafePointer<Float>, matrix: TileMatrix,
  rows: Range<Int>, into points: UnsafeMutablePointer<Float>
) {
  let (size, taps) = (matrix.rows, matrix.columns)
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: (taps + size) * taps) { buffer in
    let filter = UnsafeMutableBufferPointer(rebasing: buffer[..<(taps * taps)])
    let half = UnsafeMutableBufferPointer(rebasing: buffer[(taps * taps)...])
    forEachBlock(arrangement, rows) { row, column in
      let source = weight + row * arrangement.rowStep + column * arrangement.columnStep
      for phase in 0..<arrangement.phases {
        let (a, b) = (phase / arrangement.stride, phase % arrangement.stride)
        for k in 0..<taps {
          for l in 0..<taps {
            let tap = source + arrangement.tap(a, b, k, l)
            var lanes = Lanes.zero
            for lane in 0..<16 { lanes[lane] = tap[lane * arrangement.columnStep] }
            filter[k * taps + l] = lanes
          }
        }
        for i in 0..<size {
          for l in 0..<taps {
            var sum = Lanes.zero
            for k in 0..<taps { sum += filter[k * taps + l] * matrix.numbers[i * taps + k] }
            half[i * taps + l] = sum
          }
        }
        let target = points + arrangement.place(row, phase, column)
        for i in 0..<size {
          for j in 0..<size {
            var sum = Lanes.zero
            for l in 0..<taps { sum += half[i * taps + l] * matrix.numbers[j * taps + l] }
            UnsafeMutableRawPointer(target + (i * size + j) * arrangement.pointStride)
              .storeBytes(of: sum, as: Lanes.self)
          }
        }
      }
    }
  }
}

/// Transforms points back into filters: `filter = matrix · points · matrixᵀ`, for the row channels `rows`.
public func collectFilters(
  _ arrangement: FilterArrangement, points: UnsafePointer<Float>, matrix: TileMatrix,
  rows: Range<Int>, into weight: UnsafeMutablePointer<Float>
) {
  let (taps, size) = (matrix.rows, matrix.columns)
  withUnsafeTemporaryAllocation(of: Lanes.self, capacity: taps * size) { half in
    forEachBlock(arrangement, rows) { row, column in
      let target = weight + row * arrangement.rowStep + column * arrangement.columnStep
      for phase in 0..<arrangement.phases {
        let (a, b) = (phase / arrangement.stride, phase % arrangement.stride)
        let source = points + arrangement.place(row, phase, column)
        for j in 0..<size {
          for k in 0..<taps {
            var sum = Lanes.zero
            for i in 0..<size {
              sum +=
                UnsafeRawPointer(source + (i * size + j) * arrangement.pointStride)
                .loadUnaligned(as: Lanes.self) * matrix.numbers[k * size + i]
            }
            half[k * size + j] = sum
          }
        }
        for k in 0..<taps {
          for l in 0..<taps {
            var sum = Lanes.zero
            for j in 0..<size { sum += half[k * size + j] * matrix.numbers[l * size + j] }
            let tap = target + arrangement.tap(a, b, k, l)
            for lane in 0..<16 { tap[lane * arrangement.columnStep] = sum[lane] }
          }
        }
      }
    }
  }
}

/// Visits rows by 16 columns in blocks of 8 rows, so that both the filters, neighbours along the rows, and the
/// matrices, neighbours along the columns, are met several to a cache line or page.
@inline(__always)
private func forEachBlock(
  _ arrangement: FilterArrangement, _ rows: Range<Int>, _ body: (_ row: Int, _ column: Int) -> Void
) {
  for first in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: 8) {
    for column in Swift.stride(from: 0, to: arrangement.columnChannels, by: 16) {
      for row in first..<min(rows.upperBound, first + 8) { body(row, column) }
    }
  }
}
