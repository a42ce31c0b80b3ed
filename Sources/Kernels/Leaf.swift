/// An input of a fused pass: memory read in place, a constant, or memory read with strides.
package struct Leaf {
  package enum Kind: UInt8 { case contiguous, constant, strided }

  package var kind: Kind
  package var register: Int32
  package var base: UnsafeMutablePointer<Float>?
  package var constant: Float
  /// Sizes, then strides of the collapsed axes, outermost first; valid for `.strided`.
  package var layout: UnsafePointer<Int>?
  package var rank: Int
  /// For a pattern that repeats within a block (axes … A, B with strides … 0, 1): B, else 0.
  package var period: Int
  /// A·B for such a pattern.
  package var block: Int

  package init(
    _ kind: Kind, register: Int32, base: UnsafeMutablePointer<Float>? = nil, constant: Float = 0
  ) {
    self.kind = kind
    self.register = register
    self.base = base
    self.constant = constant
    layout = nil
    rank = 0
    period = 0
    block = 0
  }
}

/// Copies `count` elements, from position `start` on in row-major order, of memory read with strides.
///
/// `layout` holds `rank` sizes, then `rank` strides, outermost first; `rank` is at least 1.
package func readStrided(
  _ target: UnsafeMutablePointer<Float>, _ base: UnsafePointer<Float>,
  _ layout: UnsafePointer<Int>, rank: Int, start: Int, count: Int
) {
  withUnsafeTemporaryAllocation(of: Int.self, capacity: rank) { positions in
    guard let position = positions.baseAddress else { return }
    let strides = layout + rank
    var rest = start
    var offset = 0
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      position[axis] = rest % layout[axis]
      rest /= layout[axis]
      offset += position[axis] * strides[axis]
    }
    let inner = layout[rank - 1]
    let step = strides[rank - 1]
    let rows = rank > 1 ? layout[rank - 2] : 1
    let rowStep = rank > 1 ? strides[rank - 2] : 0
    var done = 0
    while done < count {
      // As many whole rows as the two innermost axes have left, or a part of one row.
      let column = position[rank - 1]
      if column == 0, rank > 1, count - done >= inner {
        let row = position[rank - 2]
        let many = min(rows - row, (count - done) / inner)
        copyRows(target + done, base + offset, many, inner, rowStep, step)
        done += many * inner
        position[rank - 2] = row + many
        offset += many * rowStep
        if position[rank - 2] < rows { continue }
        position[rank - 2] = 0
        offset -= rows * rowStep
        carry(position, layout, strides, &offset, from: rank - 3)
      } else {
        let many = min(inner - column, count - done)
        copyRows(target + done, base + offset, 1, many, 0, step)
        done += many
        position[rank - 1] = column + many
        offset += many * step
        if position[rank - 1] < inner { continue }
        position[rank - 1] = 0
        offset -= inner * step
        carry(position, layout, strides, &offset, from: rank - 2)
      }
    }
  }
}

/// Steps the odometer of a strided reading at `axis` and further out.
@inline(__always) private func carry(
  _ position: UnsafeMutablePointer<Int>, _ sizes: UnsafePointer<Int>,
  _ strides: UnsafePointer<Int>, _ offset: inout Int, from axis: Int
) {
  var axis = axis
  while axis >= 0 {
    position[axis] += 1
    offset += strides[axis]
    if position[axis] < sizes[axis] { return }
    offset -= sizes[axis] * strides[axis]
    position[axis] = 0
    axis -= 1
  }
}

/// Copies `rows` rows of `count` elements that lie `rowStep` apart, elements `step` apart.
private func copyRows(
  _ target: UnsafeMutablePointer<Float>, _ base: UnsafePointer<Float>, _ rows: Int, _ count: Int,
  _ rowStep: Int, _ step: Int
) {
  if step == 1 {
    for row in 0..<rows { copyRun(target + row * count, base + row * rowStep, count) }
  } else if step == 0 {
    for row in 0..<rows {
      let value = base[row * rowStep]
      let line = target + row * count
      for i in 0..<count { line[i] = value }
    }
  } else {
    for row in 0..<rows {
      let line = target + row * count
      let source = base + row * rowStep
      for i in 0..<count { line[i] = source[i * step] }
    }
  }
}

/// Copies neighbouring elements; short runs without the cost of a call.
@inline(__always)
func copyRun(_ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, _ count: Int) {
  if count >= 512 {
    target.update(from: source, count: count)
    return
  }
  let (to, from) = (UnsafeMutableRawPointer(target), UnsafeRawPointer(source))
  var i = 0
  while i + 16 <= count {
    let lanes = from.loadUnaligned(fromByteOffset: 4 * i, as: SIMD16<Float>.self)
    to.storeBytes(of: lanes, toByteOffset: 4 * i, as: SIMD16<Float>.self)
    i += 16
  }
  while i < count {
    target[i] = source[i]
    i += 1
  }
}
