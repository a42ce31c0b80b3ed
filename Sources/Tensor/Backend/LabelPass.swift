internal import Kernels

/// Convolutions over label maps, as sums of table rows.
enum LabelPass {
  static func sum(
    _ labels: Storage, _ table: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    let output = Storage(count: geometry.outputCount)
    let rows = geometry.batch * geometry.output.height
    let windows = windows(geometry)
    nonisolated(unsafe) let (from, at, to) = (table.pointer, labels.pointer, output.pointer)
    parallelRows(rows, work: geometry.outputCount * geometry.kernel.height * geometry.kernel.width)
    { rows in
      sumLabelRows(windows, labels: at, table: from, rows: rows, into: to)
    }
    return output
  }

  static func scatter(
    _ labels: Storage, _ source: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    let table = Storage(count: geometry.weightCount)
    table.pointer.update(repeating: 0, count: geometry.weightCount)
    let taps = geometry.kernel.height * geometry.kernel.width
    let windows = windows(geometry)
    nonisolated(unsafe) let (from, at, to) = (source.pointer, labels.pointer, table.pointer)
    parallelRows(taps, work: geometry.outputCount * taps) { taps in
      scatterLabelRows(
        windows, labels: at, batch: geometry.batch, source: from, taps: taps, into: to)
    }
    return table
  }

  private static func windows(_ geometry: ConvolutionGeometry) -> LabelWindows {
    func pair(_ size: Size2) -> (height: Int, width: Int) { (size.height, size.width) }
    return LabelWindows(
      input: pair(geometry.input), output: pair(geometry.output), kernel: pair(geometry.kernel),
      stride: pair(geometry.stride), dilation: pair(geometry.dilation),
      padding: pair(geometry.padding), classes: geometry.inChannels, width: geometry.outChannels)
  }
}
