internal import CIntrinsics

/// How elements are brought together by a reduction.
package enum ReductionKind: UInt8, Sendable {
  case sum, maximum, minimum
  /// Mean and sum of squared distances from it.
  case moments
}

/// One reduction of a fused pass over a space `[A, R, B]`: the axis R goes, A and B stay.
package struct ReductionSlot {
  package var kind: ReductionKind
  package var register: Int32
  /// Sums, extremes or means: A·B numbers.
  package var first: UnsafeMutablePointer<Double>
  /// Sums of squared distances; `moments` only.
  package var second: UnsafeMutablePointer<Double>?

  package init(
    kind: ReductionKind, register: Int32, first: UnsafeMutablePointer<Double>,
    second: UnsafeMutablePointer<Double>?
  ) {
    self.kind = kind
    self.register = register
    self.first = first
    self.second = second
  }
}

/// A part of a space `[A, R, B]`.
package struct ReductionSpace: Sendable {
  package var a: Range<Int>
  package var r: Range<Int>
  package var b: Range<Int>
  package var sizeR: Int
  package var sizeB: Int

  package init(a: Range<Int>, r: Range<Int>, b: Range<Int>, sizeR: Int, sizeB: Int) {
    self.a = a
    self.r = r
    self.b = b
    self.sizeR = sizeR
    self.sizeB = sizeB
  }
}

/// The lanes of one tile's partial results: at least 64 floats, a multiple of B.
let reductionLanes = 64

/// Runs a fused pass over a part of a space and reduces some of its registers on the way.
///
/// Accumulators must be initialised by `clearAccumulators`; parts that split the axis R need their own.
/// `scratch` has room for the chain's buffers, `lanes` for 2·(B + 64) floats.
package func runReduction(
  _ chain: Chain, _ slots: UnsafeBufferPointer<ReductionSlot>, over space: ReductionSpace,
  scratch: UnsafeMutablePointer<Float>, lanes: UnsafeMutablePointer<Float>
) {
  withTables(chain) { registers, filled in
    prepareRegisters(chain, scratch, registers, filled)
    let sizeB = space.sizeB
    let matrix = space.sizeR * sizeB
    func run(_ from: Int, _ to: Int) {
      forEachTile(chain, from: from, to: to, filled, registers) { start, length in
        for slot in slots {
          accumulate(slot, registers[Int(slot.register)], start, length, space, lanes)
        }
      }
    }
    let isWholeB = space.b.count == sizeB
    if isWholeB && space.r.count == space.sizeR {
      run(space.a.lowerBound * matrix, space.a.upperBound * matrix)
    } else if isWholeB {
      for a in space.a {
        run(a * matrix + space.r.lowerBound * sizeB, a * matrix + space.r.upperBound * sizeB)
      }
    } else {
      for a in space.a {
        for r in space.r {
          let row = a * matrix + r * sizeB
          run(row + space.b.lowerBound, row + space.b.upperBound)
        }
      }
    }
  }
  if chain.outputs.contains(where: \.isStreamed) { intrinsic_stream_end() }
}

/// Adds one tile to the accumulators, segment by segment: within a segment, `a` is fixed and rows are whole, or
/// the segment is a part of one row.
private func accumulate(
  _ slot: ReductionSlot, _ x: UnsafeMutablePointer<Float>, _ start: Int, _ length: Int,
  _ space: ReductionSpace, _ lanes: UnsafeMutablePointer<Float>
) {
  if space.sizeB == 1 { return accumulateRuns(slot, x, start, length, space, lanes) }
  let sizeB = space.sizeB
  let matrix = space.sizeR * sizeB
  var position = start
  let end = start + length
  while position < end {
    let a = position / matrix
    let inMatrix = position - a * matrix
    let r = inMatrix / sizeB
    let b = inMatrix - r * sizeB
    let source = x + (position - start)
    let room = min(end, (a + 1) * matrix) - position
    if b == 0 && room >= sizeB {
      let rows = room / sizeB
      reduceRows(
        slot, at: a * sizeB, source, rows: rows, width: sizeB, seen: r - space.r.lowerBound, lanes)
      position += rows * sizeB
    } else {
      let width = min(sizeB - b, room)
      reduceRows(
        slot, at: a * sizeB + b, source, rows: 1, width: width, seen: r - space.r.lowerBound, lanes)
      position += width
    }
  }
}

/// Adds `rows` rows of `width` floats to `width` accumulators from index `at` on, which have `seen` rows so far.
private func reduceRows(
  _ slot: ReductionSlot, at: Int, _ x: UnsafeMutablePointer<Float>, rows: Int, width: Int,
  seen: Int, _ lanes: UnsafeMutablePointer<Float>
) {
  let first = slot.first + at
  switch slot.kind {
  case .sum:
    if rows == 1 {
      for i in 0..<width { first[i] += Double(x[i]) }
      return
    }
    let span = sumLanes(x, rows * width, width, lanes) { $0 }
    foldSum(lanes, span, width, first)
  case .maximum:
    if rows == 1 {
      for i in 0..<width { first[i] = greater(Double(x[i]), first[i]) }
      return
    }
    let span = extremeLanes(x, rows * width, width, lanes, greater)
    for row in stride(from: 0, to: span, by: width) {
      for i in 0..<width { first[i] = greater(Double(lanes[row + i]), first[i]) }
    }
  case .minimum:
    if rows == 1 {
      for i in 0..<width { first[i] = less(Double(x[i]), first[i]) }
      return
    }
    let span = extremeLanes(x, rows * width, width, lanes, less)
    for row in stride(from: 0, to: span, by: width) {
      for i in 0..<width { first[i] = less(Double(lanes[row + i]), first[i]) }
    }
  case .moments:
    guard let second = slot.second else { return }
    mergeMoments(
      x, rows: rows, width: width, seen: seen, mean: first, spread: second + at, lanes)
  }
}

/// The number of lanes for rows of a width: a multiple of it, 64 or more, but not more than there are elements.
@inline(__always) private func span(_ width: Int, _ count: Int) -> Int {
  if width >= reductionLanes { return width }
  return min(count, width * ((reductionLanes + width - 1) / width))
}

/// Sums f(x) over rows into lanes and returns their number; lane `i` belongs to column `i % width`.
@inline(__always) private func sumLanes(
  _ x: UnsafeMutablePointer<Float>, _ count: Int, _ width: Int,
  _ lanes: UnsafeMutablePointer<Float>, _ f: (Float) -> Float
) -> Int {
  let span = span(width, count)
  for i in 0..<span { lanes[i] = f(x[i]) }
  var offset = span
  while offset < count {
    let line = x + offset
    for i in 0..<min(span, count - offset) { lanes[i] += f(line[i]) }
    offset += span
  }
  return span
}

@inline(__always) private func extremeLanes(
  _ x: UnsafeMutablePointer<Float>, _ count: Int, _ width: Int,
  _ lanes: UnsafeMutablePointer<Float>, _ better: (Float, Float) -> Float
) -> Int {
  let span = span(width, count)
  for i in 0..<span { lanes[i] = x[i] }
  var offset = span
  while offset < count {
    let line = x + offset
    for i in 0..<min(span, count - offset) { lanes[i] = better(line[i], lanes[i]) }
    offset += span
  }
  return span
}

@inline(__always) private func foldSum(
  _ lanes: UnsafeMutablePointer<Float>, _ span: Int, _ width: Int,
  _ target: UnsafeMutablePointer<Double>
) {
  var offset = 0
  while offset < span {
    for i in 0..<width { target[i] += Double(lanes[offset + i]) }
    offset += width
  }
}

/// Merges mean and squared distances of some rows into the accumulators (Chan, Golub and LeVeque 1983).
///
/// Two loops over a tile in the cache, so that no digits cancel.
private func mergeMoments(
  _ x: UnsafeMutablePointer<Float>, rows: Int, width: Int, seen: Int,
  mean: UnsafeMutablePointer<Double>, spread: UnsafeMutablePointer<Double>,
  _ lanes: UnsafeMutablePointer<Float>
) {
  let count = rows * width
  let before = Double(seen)
  let share = Double(rows) / (before + Double(rows))
  if rows == 1 {
    for i in 0..<width {
      let delta = Double(x[i]) - mean[i]
      mean[i] += delta * share
      spread[i] += delta * delta * before * share
    }
    return
  }
  let lanesUsed = sumLanes(x, count, width, lanes) { $0 }
  // Means of the rows, repeated over as many lanes.
  let center = lanes + lanesUsed
  let inverse = 1 / Float(rows)
  foldLanes(lanes, lanesUsed, width)
  for i in 0..<width { center[i] = lanes[i] * inverse }
  for row in stride(from: width, to: lanesUsed, by: width) {
    for i in 0..<width { center[row + i] = center[i] }
  }
  // Squared distances from the mean, rounded to a float.
  for i in 0..<lanesUsed {
    let distance = x[i] - center[i]
    lanes[i] = distance * distance
  }
  var offset = lanesUsed
  while offset < count {
    let line = x + offset
    for i in 0..<min(lanesUsed, count - offset) {
      let distance = line[i] - center[i]
      lanes[i] = lanes[i].addingProduct(distance, distance)
    }
    offset += lanesUsed
  }
  foldLanes(lanes, lanesUsed, width)
  for i in 0..<width {
    let delta = Double(center[i]) - mean[i]
    mean[i] += delta * share
    spread[i] += Double(lanes[i]) + delta * delta * before * share
  }
}

/// Adds lanes of the same column to the first lane of each.
@inline(__always) private func foldLanes(
  _ lanes: UnsafeMutablePointer<Float>, _ used: Int, _ width: Int
) {
  for row in stride(from: width, to: used, by: width) {
    for i in 0..<width { lanes[i] += lanes[row + i] }
  }
}

/// Sets accumulators to the neutral element of a reduction.
package func clearAccumulators(
  _ kind: ReductionKind, _ first: UnsafeMutablePointer<Double>,
  _ second: UnsafeMutablePointer<Double>?, _ count: Int
) {
  let neutral: Double =
    switch kind {
    case .sum, .moments: 0
    case .maximum: -.infinity
    case .minimum: .infinity
    }
  first.update(repeating: neutral, count: count)
  second?.update(repeating: 0, count: count)
}

/// Merges the accumulators of a later part of the axis R, which saw `later` rows, into those of
/// an earlier part, which saw `earlier`.
package func mergeAccumulators(
  _ kind: ReductionKind, _ first: UnsafeMutablePointer<Double>,
  _ second: UnsafeMutablePointer<Double>?, earlier: Int,
  with otherFirst: UnsafePointer<Double>, _ otherSecond: UnsafePointer<Double>?, later: Int,
  count: Int
) {
  switch kind {
  case .sum: for i in 0..<count { first[i] += otherFirst[i] }
  case .maximum: for i in 0..<count { first[i] = greater(otherFirst[i], first[i]) }
  case .minimum: for i in 0..<count { first[i] = less(otherFirst[i], first[i]) }
  case .moments:
    guard let second, let otherSecond, later > 0 else { return }
    let share = Double(later) / Double(earlier + later)
    for i in 0..<count {
      let delta = otherFirst[i] - first[i]
      first[i] += delta * share
      second[i] += otherSecond[i] + delta * delta * Double(earlier) * share
    }
  }
}

/// Rounds accumulators, times a factor, to floats.
package func roundAccumulators(
  _ source: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Float>, scale: Double,
  _ count: Int
) {
  for i in 0..<count { target[i] = Float(source[i] * scale) }
}
