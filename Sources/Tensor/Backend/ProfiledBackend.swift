internal import Kernels

/// Times every primitive of another backend for the ``Profile``.
struct ProfiledBackend: Backend {
  let base: any Backend

  /// Times a primitive that belongs to the component that runs.
  private func time(_ kind: Profile.Kind, _ read: [Storage], _ body: () -> Storage) -> Storage {
    Profile.time(kind, scope: Profile.scope, read: read.reduce(0) { $0 + $1.count }, body) {
      $0.count
    }
  }

  private func time(
    _ direction: ConvolutionCall.Direction, _ geometry: ConvolutionGeometry, _ read: [Storage],
    _ body: () -> Storage
  ) -> Storage {
    let call = ConvolutionCall(direction: direction, geometry: geometry)
    Profile.convolutions[call, default: 0] += 1
    return time(.convolution, read, body)
  }

  func compute(_ values: [Value], over spent: [Value]) {
    var isCopy = false
    if values.count == 1, case .strided? = values[0].expression { isCopy = true }
    Profile.time(
      isCopy ? .copy : .fusedPass, scope: values.first?.scope ?? 0,
      read: Value.countRead(by: values)
    ) {
      base.compute(values, over: spent)
    } written: {
      values.reduce(0) { $0 + $1.count }
    }
  }

  func reduce(_ reductions: [Reduction]) {
    let sources = reductions.compactMap(\.source)
    Profile.time(
      .reduction, scope: reductions.first?.scope ?? 0, read: Value.countRead(by: sources)
    ) {
      base.reduce(reductions)
    } written: {
      reductions.reduce(0) { $0 + $1.space.a * $1.space.b }
    }
  }

  func concatenate(_ values: [Value], shape: [Int], axis: Int) -> Storage {
    let count = Value.countRead(by: values)
    return Profile.time(.copy, scope: Profile.scope, read: count) {
      base.concatenate(values, shape: shape, axis: axis)
    } written: {
      $0.count
    }
  }

  func fill(_ number: Float, count: Int) -> Storage {
    time(.copy, []) { base.fill(number, count: count) }
  }

  func random(
    _ kind: RandomKind, count: Int, low: Float, high: Float, using random: inout RandomStream
  ) -> Storage {
    time(.other, []) { base.random(kind, count: count, low: low, high: high, using: &random) }
  }

  func gatherRows(
    _ table: Storage, _ indices: Storage, count: Int, width: Int, limit: Int, op: StaticString
  ) -> Storage {
    time(.copy, [indices]) {
      base.gatherRows(table, indices, count: count, width: width, limit: limit, op: op)
    }
  }

  func scatterAddRows(
    _ source: Storage, _ indices: Storage, count: Int, width: Int, rows: Int
  ) -> Storage {
    time(.copy, [source, indices]) {
      base.scatterAddRows(source, indices, count: count, width: width, rows: rows)
    }
  }

  func argmax(_ source: Storage, over space: Reduction.Space) -> Storage {
    time(.reduction, [source]) { base.argmax(source, over: space) }
  }

  func cumulativeSum(_ source: Storage, over space: Reduction.Space) -> Storage {
    time(.reduction, [source]) { base.cumulativeSum(source, over: space) }
  }

  func product(_ a: Storage, _ b: Storage, _ geometry: ProductGeometry) -> Storage {
    time(.product, [a, b]) { base.product(a, b, geometry) }
  }

  func convolve(
    _ x: Storage, _ weight: Storage, bias: Storage?, _ geometry: ConvolutionGeometry
  ) -> Storage {
    time(.forward(hasBias: bias != nil), geometry, [x, weight]) {
      base.convolve(x, weight, bias: bias, geometry)
    }
  }

  func convolutionInputGradient(
    _ y: Storage, _ weight: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    time(.inputGradient, geometry, [y, weight]) {
      base.convolutionInputGradient(y, weight, geometry)
    }
  }

  func convolutionWeightGradient(
    _ x: Storage, _ y: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    time(.weightGradient, geometry, [x, y]) { base.convolutionWeightGradient(x, y, geometry) }
  }

  func sumLabelRows(
    _ labels: Storage, _ table: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    time(.labelForward, geometry, [labels, table]) { base.sumLabelRows(labels, table, geometry) }
  }

  func scatterLabelRows(
    _ labels: Storage, _ y: Storage, _ geometry: ConvolutionGeometry
  ) -> Storage {
    time(.labelWeightGradient, geometry, [labels, y]) {
      base.scatterLabelRows(labels, y, geometry)
    }
  }

  func resample(
    _ x: Storage, batch: Int, channels: Int, down: AxisMap, across: AxisMap
  ) -> Storage {
    time(.other, [x]) {
      base.resample(x, batch: batch, channels: channels, down: down, across: across)
    }
  }

  func maxPool(_ x: Storage, _ geometry: PoolGeometry) -> (output: Storage, places: PlaceTable) {
    Profile.time(.other, scope: Profile.scope, read: x.count) {
      base.maxPool(x, geometry)
    } written: {
      2 * $0.output.count
    }
  }

  func gatherPlaces(_ places: PlaceTable, _ x: Storage, count: Int) -> Storage {
    time(.other, []) { base.gatherPlaces(places, x, count: count) }
  }

  func scatterPlaces(_ places: PlaceTable, _ y: Storage, count: Int) -> Storage {
    time(.other, [y]) { base.scatterPlaces(places, y, count: count) }
  }
}

extension Value {
  /// The numbers in memory that a pass over `values` reads, each array counted once.
  fileprivate static func countRead(by values: [Value]) -> Int {
    var seen: Set<ObjectIdentifier> = []
    var stack = values
    var count = 0
    while let value = stack.popLast() {
      guard
        seen.insert(value.storage.map { ObjectIdentifier($0) } ?? ObjectIdentifier(value)).inserted
      else {
        continue
      }
      if value.storage != nil {
        count += value.count
      } else if let expression = value.expression {
        stack += expression.sources
      }
    }
    return count
  }
}
