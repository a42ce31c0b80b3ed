// Reductions over neighbouring elements, for spaces `[A, R, 1]`.

/// Adds one tile of a space without the axis B: runs of up to R neighbours belong to one result.
func accumulateRuns(
  _ slot: ReductionSlot, _ x: UnsafeMutablePointer<Float>, _ start: Int, _ length: Int,
  _ space: ReductionSpace, _ lanes: UnsafeMutablePointer<Float>
) {
  var a = start / space.sizeR
  var r = start - a * space.sizeR
  var position = 0
  while position < length {
    let count = min(space.sizeR - r, length - position)
    let run = x + position
    switch slot.kind {
    case .sum: slot.first[a] += Double(runSum(run, count))
    case .maximum:
      slot.first[a] = greater(Double(runExtreme(run, count, greater)), slot.first[a])
    case .minimum:
      slot.first[a] = less(Double(runExtreme(run, count, less)), slot.first[a])
    case .moments:
      if let second = slot.second {
        let seen = Double(r - space.r.lowerBound)
        let share = Double(count) / (seen + Double(count))
        let center = runSum(run, count) / Float(count)
        let delta = Double(center) - slot.first[a]
        slot.first[a] += delta * share
        second[a] += Double(runSpread(run, count, center)) + delta * delta * seen * share
      }
    }
    position += count
    a += 1
    r = 0
  }
}

/// The sum of a run, in 32 lanes that are added pairwise.
private func runSum(_ x: UnsafeMutablePointer<Float>, _ count: Int) -> Float {
  if count < 32 {
    var sum: Float = 0
    for i in 0..<count { sum += x[i] }
    return sum
  }
  var low = SIMD16<Float>(), high = SIMD16<Float>()
  let raw = UnsafeRawPointer(x)
  var i = 0
  while i + 32 <= count {
    low += raw.loadUnaligned(fromByteOffset: 4 * i, as: SIMD16<Float>.self)
    high += raw.loadUnaligned(fromByteOffset: 4 * i + 64, as: SIMD16<Float>.self)
    i += 32
  }
  var sum = (low + high).sum()
  while i < count {
    sum += x[i]
    i += 1
  }
  return sum
}

/// The sum of squared distances of a run from a number.
private func runSpread(_ x: UnsafeMutablePointer<Float>, _ count: Int, _ center: Float) -> Float {
  var sum: Float = 0
  var i = 0
  if count >= 32 {
    var low = SIMD16<Float>(), high = SIMD16<Float>()
    let centers = SIMD16<Float>(repeating: center)
    let raw = UnsafeRawPointer(x)
    while i + 32 <= count {
      let a = raw.loadUnaligned(fromByteOffset: 4 * i, as: SIMD16<Float>.self) - centers
      let b = raw.loadUnaligned(fromByteOffset: 4 * i + 64, as: SIMD16<Float>.self) - centers
      low += a * a
      high += b * b
      i += 32
    }
    sum = (low + high).sum()
  }
  while i < count {
    let distance = x[i] - center
    sum += distance * distance
    i += 1
  }
  return sum
}

/// The greatest or smallest of a run.
@inline(__always) private func runExtreme(
  _ x: UnsafeMutablePointer<Float>, _ count: Int, _ better: (Float, Float) -> Float
) -> Float {
  // Eight candidates side by side, so that neither waits for the other.
  var best = (x[0], x[0], x[0], x[0], x[0], x[0], x[0], x[0])
  var i = 0
  while i + 8 <= count {
    best.0 = better(x[i], best.0)
    best.1 = better(x[i + 1], best.1)
    best.2 = better(x[i + 2], best.2)
    best.3 = better(x[i + 3], best.3)
    best.4 = better(x[i + 4], best.4)
    best.5 = better(x[i + 5], best.5)
    best.6 = better(x[i + 6], best.6)
    best.7 = better(x[i + 7], best.7)
    i += 8
  }
  while i < count {
    best.0 = better(x[i], best.0)
    i += 1
  }
  return better(
    better(better(best.0, best.1), better(best.2, best.3)),
    better(better(best.4, best.5), better(best.6, best.7)))
}

/// The greater of two numbers; not a number wins over any.
@inline(__always) func greater<Number: FloatingPoint>(_ a: Number, _ b: Number) -> Number {
  a > b || a != a ? a : b
}

/// The smaller of two numbers; not a number wins over any.
@inline(__always) func less<Number: FloatingPoint>(_ a: Number, _ b: Number) -> Number {
  a < b || a != a ? a : b
}
