internal import Kernels

/// The kernels of the processor: our own loops, oneDNN for convolutions and products.
struct CPUBackend: Backend {
  func compute(_ values: [Value], over spent: [Value]) { FusedPass.write(values, over: spent) }

  func reduce(_ reductions: [Reduction]) { ReductionPass.run(reductions) }

  func concatenate(_ values: [Value], shape: [Int], axis: Int) -> Storage {
    ConcatenationPass.run(values, shape: shape, axis: axis)
  }

  func fill(_ number: Float, count: Int) -> Storage {
    let output = Storage(count: count)
    output.pointer.update(repeating: number, count: count)
    return output
  }

  func random(
    _ kind: RandomKind, count: Int, low: Float, high: Float, using random: inout RandomStream
  ) -> Storage {
    RandomFill.run(kind, count: count, low: low, high: high, using: &random)
  }

  func gatherRows(
    _ table: Storage, _ indices: Storage, count: Int, width: Int, limit: Int, op: StaticString
  ) -> Storage {
    Indexing.check(indices, count: count, limit: limit, op: op)
    return Indexing.gather(table, indices, count: count, width: width)
  }

  func scatterAddRows(
    _ source: Storage, _ indices: Storage, count: Int, width: Int, rows: Int
  ) -> Storage {
    Indexing.scatterAdd(source, indices, count: count, width: width, rows: rows)
  }

  func argmax(_ source: Storage, over space: Reduction.Space) -> Storage {
    Indexing.overOuter(source, space, results: space.a * space.b) { target, from, part in
      argmaxRows(target, from, a: part, r: space.r, b: space.b)
    }
  }

  func cumulativeSum(_ source: Storage, over space: Reduction.Space) -> Storage {
    Indexing.overOuter(source, space, results: space.a * space.r * space.b) { target, from, part in
      cumulativeSums(target, from, a: part, r: space.r, b: space.b)
    }
  }

  func product(_ a: Storage, _ b: Storage, _ geometry: ProductGeometry) -> Storage {
    let output = Storage(count: geometry.batch * geometry.rows * geometry.columns)
    BLAS.products(a, b, geometry, into: output)
    return output
  }

  func convolve(
    _ x: Storage, _ weight: Storage, bias: Storage?, _ geometry: ConvolutionGeometry
  ) -> Storage {
    let y = Storage(count: geometry.outputCount)
    ConvolutionBackend.forward(geometry, x, weight, bias: bias, into: y)
    return y
  }

  func convolutionInputGradient(
    _ y: Storage, _ weight: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    let x = Storage(count: geometry.inputCount)
    ConvolutionBackend.inputGradient(geometry, y, weight, into: x)
    return x
  }

  func convolutionWeightGradient(
    _ x: Storage, _ y: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    let weight = Storage(count: geometry.weightCount)
    ConvolutionBackend.weightGradient(geometry, x, y, into: weight)
    return weight
  }

  func sumLabelRows(
    _ labels: Storage, _ table: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    LabelPass.sum(labels, table, geometry)
  }

  func scatterLabelRows(
    _ labels: Storage, _ y: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    LabelPass.scatter(labels, y, geometry)
  }

  func resample(
    _ x: Storage, batch: Int, channels: Int, down: AxisMap, across: AxisMap
  ) -> Storage {
    let y = Storage(count: batch * down.outputSize * across.outputSize * channels)
    ResamplingBackend.resample(
      x, batch: batch, channels: channels, down: down, across: across, into: y)
    return y
  }

  func maxPool(_ x: Storage, _ geometry: PoolGeometry) -> (output: Storage, places: PlaceTable) {
    let output = geometry.output
    let y = Storage(count: geometry.batch * output.height * output.width * geometry.channels)
    let places = ResamplingBackend.maxPool(
      x, batch: geometry.batch, input: geometry.input, channels: geometry.channels, output: output,
      kernel: geometry.kernel, stride: geometry.stride, padding: geometry.padding, into: y)
    return (y, places)
  }

  func gatherPlaces(_ places: PlaceTable, _ x: Storage, count: Int) -> Storage {
    let y = Storage(count: count)
    ResamplingBackend.gather(places, x, into: y)
    return y
  }

  func scatterPlaces(_ places: PlaceTable, _ y: Storage, count: Int) -> Storage {
    let x = Storage(count: count)
    ResamplingBackend.scatter(places, y, into: x)
    return x
  }
}
