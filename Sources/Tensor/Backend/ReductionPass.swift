internal import Kernels

/// One pass over memory that reduces one or several pending chains without writing them down.
enum ReductionPass {
  /// One accumulation of a pass; several pending reductions may want the same.
  private struct Slot: Equatable {
    let kind: ReductionKind
    let register: Int32
  }

  static func run(_ reductions: [Reduction]) {
    let sources = reductions.compactMap(\.source)
    guard let space = reductions.first?.space, let count = sources.first?.count else { return }
    let kept = space.a * space.b
    var builder = ChainBuilder(count: count)
    var slots: [Slot] = []
    let slotOf = zip(reductions, sources).map { reduction, source -> Int in
      let slot = Slot(kind: reduction.kind, register: builder.register(of: source))
      if let index = slots.firstIndex(of: slot) { return index }
      slots.append(slot)
      return slots.count - 1
    }
    // Expensive values that an earlier pass computed too are written down on the way.
    var extra: [(Value, Storage)] = []
    for value in FusedPass.repeated(builder.interior, []) {
      let storage = Storage(count: count)
      builder.write(value, to: storage)
      extra.append((value, storage))
    }
    let split = Split(space, count: count)
    // Doubles, two per kept element and slot, for each part of the axis R.
    let perPart = 2 * kept * slots.count
    let sums = Storage(count: 2 * perPart * split.copies)
    sums.pointer.withMemoryRebound(to: Double.self, capacity: perPart * split.copies) { base in
      for index in 0..<slots.count * split.copies {
        let first = base + index * 2 * kept
        clearAccumulators(slots[index % slots.count].kind, first, first + kept, kept)
      }
      if count > 0 { pass(builder, slots, split, base, kept) }
      merge(slots, split, base, kept)
      for (reduction, slot) in zip(reductions, slotOf) {
        finish(reduction, base + slot * 2 * kept, kept)
        for result in reduction.results {
          FiniteCheck.inspect(
            result, [space.a, space.b], op: "\(reduction.kind) of \(builder.summary)",
            inputs: builder.inputShapes)
        }
      }
    }
    for (value, storage) in extra { value.settle(storage) }
  }

  private static func pass(
    _ builder: ChainBuilder, _ slots: [Slot], _ split: Split, _ base: UnsafeMutablePointer<Double>,
    _ kept: Int
  ) {
    PassCount.total += 1
    builder.withChain(keeping: slots.map(\.register), over: split.space) { chain, scratchFloats in
      let laneFloats = 2 * (min(split.space.b, chain.tile) + 2 * 64)
      let perThread = (scratchFloats + laneFloats + 15) / 16 * 16
      let scratch = Storage(count: perThread * split.parts)
      nonisolated(unsafe) let chain = chain
      nonisolated(unsafe) let base = base
      parallel(split.parts) { part in
        let copy = split.copies == 1 ? 0 : part
        withUnsafeTemporaryAllocation(of: ReductionSlot.self, capacity: slots.count) { table in
          for (index, slot) in slots.enumerated() {
            let first = base + (copy * slots.count + index) * 2 * kept
            table[index] = ReductionSlot(
              kind: slot.kind, register: slot.register, first: first,
              second: slot.kind == .moments ? first + kept : nil)
          }
          let own = scratch.pointer + part * perThread
          runReduction(
            chain, UnsafeBufferPointer(table), over: split.part(part), scratch: own,
            lanes: own + scratchFloats)
        }
      }
    }
  }

  private static func merge(
    _ slots: [Slot], _ split: Split, _ base: UnsafeMutablePointer<Double>, _ kept: Int
  ) {
    guard split.copies > 1 else { return }
    var earlier = split.part(0).r.count
    for copy in 1..<split.copies {
      let later = split.part(copy).r.count
      for (index, slot) in slots.enumerated() {
        let first = base + index * 2 * kept
        let other = base + (copy * slots.count + index) * 2 * kept
        mergeAccumulators(
          slot.kind, first, first + kept, earlier: earlier, with: other, other + kept,
          later: later, count: kept)
      }
      earlier += later
    }
  }

  private static func finish(
    _ reduction: Reduction, _ first: UnsafeMutablePointer<Double>, _ kept: Int
  ) {
    let result = Storage(count: kept)
    if reduction.kind == .moments {
      let spread = Storage(count: kept)
      roundAccumulators(first, result.pointer, scale: 1, kept)
      roundAccumulators(first + kept, spread.pointer, scale: reduction.scale, kept)
      reduction.settle([result, spread])
    } else {
      roundAccumulators(first, result.pointer, scale: reduction.scale, kept)
      reduction.settle([result])
    }
  }
}

/// How a space `[A, R, B]` is divided among threads, by its sizes alone.
private struct Split {
  let space: Reduction.Space
  let parts: Int
  /// Sets of accumulators: one per part where parts share kept elements, else one.
  let copies: Int
  private let axis: Axis

  private enum Axis { case a, r, b }

  init(_ space: Reduction.Space, count: Int) {
    self.space = space
    let wanted = Partition.parts(count)
    if wanted == 1 {
      (parts, copies, axis) = (1, 1, .a)
    } else if space.a >= 4 * wanted {
      (parts, copies, axis) = (wanted, 1, .a)
    } else if space.r >= 4 * wanted && space.a * space.b * 8 <= count {
      (parts, copies, axis) = (wanted, wanted, .r)
    } else if space.a >= wanted {
      (parts, copies, axis) = (wanted, 1, .a)
    } else if space.b >= 1024 * wanted {
      (parts, copies, axis) = (wanted, 1, .b)
    } else {
      (parts, copies, axis) = (1, 1, .a)
    }
  }

  func part(_ index: Int) -> ReductionSpace {
    func range(_ size: Int, _ divided: Axis) -> Range<Int> {
      guard divided == axis else { return 0..<size }
      return size * index / parts..<size * (index + 1) / parts
    }
    return ReductionSpace(
      a: range(space.a, .a), r: range(space.r, .r), b: range(space.b, .b), sizeR: space.r,
      sizeB: space.b)
  }
}
