internal import Kernels

/// One pass over memory that computes one or several pending values of equal element count.
enum FusedPass {
  /// Computes `roots`, and writes down expensive interior values that are needed a second time.
  ///
  /// Results go to the memory of `spent`, or of other values that only this pass still reads, if it reads them
  /// element by element; otherwise to new memory.
  static func write(_ roots: [Value], over spent: [Value] = []) {
    guard let count = roots.first?.count else { return }
    if roots.count == 1, let root = roots.first,
      case .strided(let base, let strides, let offset)? = root.expression
    {
      root.settle(StridedCopy.run(base.materialized(), root.shape, strides, offset))
      return
    }
    // Who else holds small blocks is not worth finding out: there is little memory to save.
    let spent = count < reusedCount ? spent : spent + roots.flatMap { $0.soleSources() }
    var builder = ChainBuilder(count: count)
    var results: [(Value, Storage)] = []
    for root in roots { _ = builder.register(of: root) }
    var reusable = spent.filter { value in
      value.count == count && value.storage.map(builder.readsInOrder) ?? false
    }
    let values = roots + repeated(builder.interior, roots)
    var formers = [Value?](repeating: nil, count: values.count)
    // First what can be written as it is computed, then what has to wait for the end of a tile.
    for waits in [false, true] {
      for (index, value) in values.enumerated() where formers[index] == nil {
        let place = reusable.firstIndex { former in
          waits || former.storage.map { builder.isLastReader(value, of: $0) } ?? false
        }
        formers[index] = place.map { reusable.remove(at: $0) }
      }
    }
    for (value, former) in zip(values, formers) {
      let storage = former?.handOver() ?? Storage(count: count)
      builder.write(value, to: storage, isRead: former != nil)
      results.append((value, storage))
    }
    if count > 0 { run(builder, count) }
    for (value, storage) in results {
      FiniteCheck.inspect(
        storage, value.shape, op: builder.summary, inputs: builder.inputShapes)
      value.settle(storage)
    }
  }

  /// Computes a value into rows of `width` elements that lie `rowStep` apart, without writing it down elsewhere.
  static func write(
    _ value: Value, toRowsAt base: UnsafeMutablePointer<Float>, width: Int, rowStep: Int
  ) {
    if value.count == 0 { return }
    var builder = ChainBuilder(count: value.count)
    builder.write(value, toRowsAt: base, width: width, rowStep: rowStep)
    run(builder, value.count)
  }

  /// Values that a second pass computes again at a price: they are written down this time.
  ///
  /// A fixed rule: computed before, and worth more than reading them back from memory.
  static func repeated(_ interior: [Value], _ roots: [Value]) -> [Value] {
    interior.filter { value in
      guard !roots.contains(where: { $0 === value }) else { return false }
      value.pulls += 1
      return value.pulls > 1 && value.cost >= repeatedCost
    }
  }

  static let repeatedCost = 16
  private static let reusedCount = 1 << 14

  private static func run(_ builder: ChainBuilder, _ count: Int) {
    PassCount.total += 1
    builder.withChain { chain, scratchFloats in
      let parts = Partition.parts(count)
      let scratch = Storage(count: scratchFloats * parts)
      if parts == 1 {
        runChain(chain, from: 0, to: count, scratch: scratch.pointer)
        return
      }
      nonisolated(unsafe) let chain = chain
      parallel(parts) { part in
        let range = Partition.range(part, of: parts, count: count, unit: chain.tile)
        runChain(
          chain, from: range.lowerBound, to: range.upperBound,
          scratch: scratch.pointer + part * scratchFloats)
      }
    }
  }
}

/// How work is divided among threads: fixed parts, so that results repeat bit for bit.
enum Partition {
  /// Fewer elements than this per thread are not worth waking one.
  static let grain = 16_384

  /// The number of parts for `count` elements of cheap work.
  static func parts(_ count: Int) -> Int {
    max(1, min(Compute.threads, count / grain))
  }

  /// Part `part` of `parts` of `0..<count`, in multiples of `unit`.
  static func range(_ part: Int, of parts: Int, count: Int, unit: Int) -> Range<Int> {
    let units = (count + unit - 1) / unit
    let low = units * part / parts * unit
    let high = units * (part + 1) / parts * unit
    return min(low, count)..<min(high, count)
  }
}
