internal import Kernels

/// Pooling and resampling of images along H and W.
enum ResamplingBackend {
  /// Mixes pixels along both axes; see `AxisMap`.
  static func resample(
    _ x: Storage, batch: Int, channels: Int, down: AxisMap, across: AxisMap, into y: Storage
  ) {
    if y.count == 0 { return }
    let rows = batch * down.outputSize
    let work = rows * across.outputSize * channels
    down.withTable { down_ in
      across.withTable { across_ in
        parallelRows(rows, work: work) { range in
          Kernels.resample(
            image: x.pointer, imageHeight: down.inputSize, imageWidth: across.inputSize,
            channels: channels, down: down_, across: across_, height: down.outputSize,
            width: across.outputSize, rows: range, into: y.pointer)
        }
      }
    }
  }

  /// The largest number of each window, and where it was.
  static func maxPool(
    _ x: Storage, batch: Int, input: Size2, channels: Int, output: Size2, kernel: Size2,
    stride: Size2, padding: Size2, into y: Storage
  ) -> PlaceTable {
    let places = PlaceTable(
      batch: batch, planeCount: input.height * input.width,
      placeCount: output.height * output.width, channels: channels)
    let map = WindowMap(
      image: (input.height, input.width), channels: channels, grid: (output.height, output.width),
      kernel: (kernel.height, kernel.width), stride: (stride.height, stride.width),
      dilation: (1, 1), padding: (padding.height, padding.width), channelsFirst: false)
    parallelRows(batch * output.height, work: y.count * kernel.height * kernel.width) { rows in
      Kernels.maxPool(map, image: x.pointer, rows: rows, into: y.pointer, places: places.pointer)
    }
    return places
  }

  /// Reads the chosen pixels.
  static func gather(_ places: PlaceTable, _ x: Storage, into y: Storage) {
    parallelRows(places.batch, work: y.count) { samples in
      for sample in samples {
        gatherPlaces(
          image: x.pointer, places: places.pointer, sample: sample, planeCount: places.planeCount,
          placeCount: places.placeCount, channels: places.channels, into: y.pointer)
      }
    }
  }

  /// Adds numbers to the chosen pixels of a black image.
  static func scatter(_ places: PlaceTable, _ y: Storage, into x: Storage) {
    parallelRows(places.batch, work: x.count) { samples in
      for sample in samples {
        scatterPlaces(
          values: y.pointer, places: places.pointer, sample: sample, planeCount: places.planeCount,
          placeCount: places.placeCount, channels: places.channels, into: x.pointer)
      }
    }
  }
}

/// For each pixel and channel of a pooled image, which pixel of the source it came from.
final class PlaceTable {
  let batch: Int
  let planeCount: Int
  let placeCount: Int
  let channels: Int
  let pointer: UnsafeMutablePointer<Int32>
  private let storage: Storage

  init(batch: Int, planeCount: Int, placeCount: Int, channels: Int) {
    self.batch = batch
    self.planeCount = planeCount
    self.placeCount = placeCount
    self.channels = channels
    let count = batch * placeCount * channels
    storage = Storage(count: count)
    pointer = UnsafeMutableRawPointer(storage.pointer).bindMemory(to: Int32.self, capacity: count)
  }
}

extension AxisMap {
  fileprivate func withTable(_ body: (TapTable) -> Void) {
    starts.withUnsafeBufferPointer { starts in
      positions.withUnsafeBufferPointer { positions in
        weights.withUnsafeBufferPointer { weights in
          guard let starts = starts.baseAddress, let positions = positions.baseAddress,
            let weights = weights.baseAddress
          else { preconditionFailure("[resample] an axis without taps") }
          body(TapTable(starts: starts, positions: positions, weights: weights))
        }
      }
    }
  }
}
