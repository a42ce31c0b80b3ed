internal import Kernels

/// Translates a chain of pending values into the register program of one fused pass.
///
/// All prerequisites are in memory when a builder starts (`Evaluation.prepare`).
struct ChainBuilder {
  let count: Int
  private let mark = Prerequisites.nextMark()
  private var instructions: [Instruction] = []
  private var leaves: [Leaf] = []
  private var layouts: [[Int]] = []  // of strided leaves, one per leaf, empty for others
  private var registers: Int32 = 0
  private var outputs: [Chain.Output] = []
  /// Outputs, by index, that replace what the pass reads.
  private var replacing: [Int] = []
  /// Storages read by the pass, kept alive until it has run.
  private var inputs: [Storage] = []
  /// Shapes of the values read, for messages; only noted while results are being checked.
  private(set) var inputShapes: [[Int]] = []
  /// Interior values met on the way, for the rule on repeated work.
  private(set) var interior: [Value] = []

  init(count: Int) { self.count = count }

  /// The ops of the pass, for messages.
  var summary: String {
    instructions.isEmpty ? "copy" : instructions.map { "\($0.op)" }.joined(separator: ", ")
  }

  // MARK: Leaves and instructions

  /// The register that holds `value`, which has as many elements as the pass.
  mutating func register(of value: Value) -> Int32 {
    if value.mark == mark { return value.register }
    let register = translate(value)
    value.mark = mark
    value.register = register
    return register
  }

  private mutating func translate(_ value: Value) -> Int32 {
    note(value)
    if let storage = value.storage { return contiguous(storage) }
    switch value.expression {
    case .constant(let number): return constant(number)
    case .reshape(let source): return register(of: source)
    case .reduction(let reduction, let index): return contiguous(reduction.results[index])
    case .strided(let base, let strides, let offset):
      return strided(base.materialized(), value.shape, strides, offset)
    case .map(let map):
      let a = operand(map.a, value)
      let b = map.b.map { operand($0, value) } ?? -1
      let c = map.c.map { operand($0, value) } ?? -1
      interior.append(value)
      return emit(Instruction(map.op, to: -1, a, b, c, x: map.x, y: map.y))
    case nil: preconditionFailure("[fused] a value is neither stored nor pending")
    }
  }

  private mutating func operand(_ value: Value, _ consumer: Value) -> Int32 {
    if value.count == count { return register(of: value) }
    note(value)
    if let number = value.constant { return constant(number) }
    if case .strided(let base, let strides, let offset)? = value.expression {
      let stretched = Shape.broadcastStrides(value.shape, strides: strides, to: consumer.shape)
      return strided(base.materialized(), consumer.shape, stretched, offset)
    }
    let strides = Shape.broadcastStrides(
      value.shape, strides: Shape.strides(value.shape), to: consumer.shape)
    return strided(value.materialized(), consumer.shape, strides, 0)
  }

  private mutating func note(_ value: Value) {
    guard FiniteCheck.isOn else { return }
    if case .map? = value.expression { return }
    inputShapes.append(value.shape)
  }

  /// Adds an instruction, unless the same one is there already.
  private mutating func emit(_ wanted: Instruction) -> Int32 {
    var wanted = wanted
    if wanted.op.isCommutative && wanted.a > wanted.b { swap(&wanted.a, &wanted.b) }
    for known in instructions
    where known.op == wanted.op && known.a == wanted.a && known.b == wanted.b
      && known.c == wanted.c && known.x == wanted.x && known.y == wanted.y
    {
      return known.destination
    }
    wanted.destination = newRegister()
    instructions.append(wanted)
    return wanted.destination
  }

  private mutating func newRegister() -> Int32 {
    registers += 1
    return registers - 1
  }

  private mutating func add(_ leaf: Leaf, _ layout: [Int], _ storage: Storage?) -> Int32 {
    for (index, known) in leaves.enumerated()
    where known.kind == leaf.kind && known.base == leaf.base
      && known.constant.bitPattern == leaf.constant.bitPattern && layouts[index] == layout
    {
      return known.register
    }
    var leaf = leaf
    leaf.register = newRegister()
    leaves.append(leaf)
    layouts.append(layout)
    if let storage { inputs.append(storage) }
    return leaf.register
  }

  private mutating func contiguous(_ storage: Storage) -> Int32 {
    add(Leaf(.contiguous, register: 0, base: storage.pointer), [], storage)
  }

  private mutating func constant(_ number: Float) -> Int32 {
    add(Leaf(.constant, register: 0, constant: number), [], nil)
  }

  private mutating func strided(
    _ storage: Storage, _ shape: [Int], _ strides: [Int], _ offset: Int
  ) -> Int32 {
    let (sizes, steps) = Shape.collapse(shape, strides)
    let base = storage.pointer + offset
    if sizes.isEmpty || (sizes.count == 1 && steps[0] == 1) {
      return add(Leaf(.contiguous, register: 0, base: base), [], storage)
    }
    if sizes.count == 1 && steps[0] == 0 {
      return add(Leaf(.constant, register: 0, constant: base.pointee), [], nil)
    }
    var leaf = Leaf(.strided, register: 0, base: base)
    leaf.rank = sizes.count
    if let last = steps.last, last == 1, steps[steps.count - 2] == 0 {
      leaf.period = sizes[sizes.count - 1]
      leaf.block = leaf.period * sizes[sizes.count - 2]
    }
    return add(leaf, sizes + steps, storage)
  }

  /// Whether the pass reads all of `storage`, and in the order in which results are written.
  func readsInOrder(_ storage: Storage) -> Bool {
    let block = storage.pointer..<storage.pointer + storage.count
    let readers = leaves.filter { $0.base.map(block.contains) ?? false }
    return !readers.isEmpty
      && readers.allSatisfy { $0.kind == .contiguous && $0.base == block.lowerBound }
  }

  /// Makes the pass write `value` to `storage`; `isRead` says that it also reads what was there.
  mutating func write(_ value: Value, to storage: Storage, isRead: Bool = false) {
    var register = register(of: value)
    let isTaken =
      outputs.contains { $0.register == register && $0.width == 0 }
      || leaves.contains { $0.register == register }
    if isTaken {
      let copy = newRegister()
      instructions.append(Instruction(.copy, to: copy, register))
      register = copy
    }
    if isRead { replacing.append(outputs.count) }
    outputs.append(
      Chain.Output(
        register: register, base: storage.pointer, isStreamed: isStreamed && !isRead))
  }

  /// Whether `value` can be written to `storage` as it is computed: nothing reads the old numbers afterwards.
  mutating func isLastReader(_ value: Value, of storage: Storage) -> Bool {
    isLastReader(register(of: value), of: storage.pointer)
  }

  private func isLastReader(_ register: Int32, of base: UnsafeMutablePointer<Float>) -> Bool {
    guard let writer = instructions.firstIndex(where: { $0.destination == register }),
      let old = leaves.first(where: { $0.base == base })?.register
    else { return false }
    return !instructions[(writer + 1)...].contains { $0.a == old || $0.b == old || $0.c == old }
  }

  /// The outputs, of which some wait until the whole tile has been computed: those that replace numbers which are
  /// still read.
  private func settledOutputs() -> [Chain.Output] {
    var settled = outputs
    for index in replacing where !isLastReader(settled[index].register, of: settled[index].base) {
      settled[index].width = count
      settled[index].rowStep = count
    }
    return settled
  }

  /// Whether results are so large that the caches would have lost them before anybody reads them.
  private var isStreamed: Bool { count >= ChainBuilder.streamedCount }
  private static let streamedCount = 1 << 20

  /// Makes the pass write `value` in rows of `width` elements that lie `rowStep` apart.
  mutating func write(
    _ value: Value, toRowsAt base: UnsafeMutablePointer<Float>, width: Int, rowStep: Int
  ) {
    outputs.append(
      Chain.Output(register: register(of: value), base: base, width: width, rowStep: rowStep))
  }

  // MARK: Finished program

  /// Lends the finished program.
  ///
  /// - Parameters:
  ///   - reduced: registers that must survive until the end of a tile.
  ///   - space: the space of a reducing pass. Its tiles depend on the space alone, so that sums don't depend on
  ///     what else the pass computes.
  ///   - body: runs the program; it needs `scratchFloats` floats per thread.
  /// - Returns: what `body` returns.
  func withChain<R>(
    keeping reduced: [Int32] = [], over space: Reduction.Space? = nil,
    _ body: (_ chain: Chain, _ scratchFloats: Int) -> R
  ) -> R {
    let outputs = settledOutputs()
    let (slots, buffers) = scratchSlots(keeping: reduced, outputs)
    let (tile, block) = space.map(ChainBuilder.tiling) ?? tiling(buffers: buffers)
    var leaves = leaves
    let flat = layouts.flatMap { $0 }
    return flat.withUnsafeBufferPointer { layout in
      var position = 0
      for index in leaves.indices {
        if leaves[index].kind == .strided, let base = layout.baseAddress {
          leaves[index].layout = base + position
        }
        position += layouts[index].count
      }
      return withExtendedLifetime(inputs) {
        instructions.withUnsafeBufferPointer { instructions in
          leaves.withUnsafeBufferPointer { leaves in
            outputs.withUnsafeBufferPointer { outputs in
              slots.withUnsafeBufferPointer { slots in
                body(
                  Chain(
                    instructions: instructions, leaves: leaves, outputs: outputs,
                    scratchSlots: slots, tile: tile, block: block), buffers * tile)
              }
            }
          }
        }
      }
    }
  }

  /// Gives scratch buffers to registers by a linear scan over their lifetimes.
  private func scratchSlots(
    keeping reduced: [Int32], _ outputs: [Chain.Output]
  ) -> (slots: [Int32], buffers: Int) {
    let total = Int(registers)
    var slots = [Int32](repeating: -1, count: total)
    var buffers: Int32 = 0
    for leaf in leaves where leaf.kind != .contiguous {
      slots[Int(leaf.register)] = buffers
      buffers += 1
    }
    var lastUse = [Int](repeating: -1, count: total)
    for (index, instruction) in instructions.enumerated() {
      for source in [instruction.a, instruction.b, instruction.c] where source >= 0 {
        lastUse[Int(source)] = index
      }
    }
    for register in reduced { lastUse[Int(register)] = Int.max }
    for output in outputs { lastUse[Int(output.register)] = Int.max }
    var ownsBuffer = [Bool](repeating: false, count: total)
    for instruction in instructions { ownsBuffer[Int(instruction.destination)] = true }
    for output in outputs where output.isDirect { ownsBuffer[Int(output.register)] = false }
    var free: [Int32] = []
    for (index, instruction) in instructions.enumerated() {
      let destination = Int(instruction.destination)
      if ownsBuffer[destination] {
        if let slot = free.popLast() {
          slots[destination] = slot
        } else {
          slots[destination] = buffers
          buffers += 1
        }
      }
      // Sources are freed after the destination is placed: no instruction writes over an input in scratch memory.
      var freed: Int32 = -1
      for source in [instruction.a, instruction.b, instruction.c] where source >= 0 {
        let register = Int(source)
        if ownsBuffer[register], lastUse[register] == index, slots[register] != freed {
          freed = slots[register]
          if !free.contains(freed) { free.append(freed) }
        }
      }
    }
    return (slots, Int(max(buffers, 1)))
  }

  /// Elements per tile, a multiple of repeating patterns where they are short enough.
  private func tiling(buffers: Int) -> (tile: Int, block: Int) {
    // All buffers of a tile, and what it reads and writes, fit the first-level cache together.
    let written = outputs.count - replacing.count
    let streams = buffers + written + leaves.count { $0.kind == .contiguous }
    var tile = min(max(ChainBuilder.cacheFloats / streams / 256 * 256, 512), 2048)
    var block = 0
    for leaf in leaves where leaf.period > 0 {
      if leaf.period <= tile { tile = tile / leaf.period * leaf.period }
      // Blocks that are not whole tiles would break the repetition; very small ones are not worth it.
      if leaf.block < count, leaf.block * 4 >= tile {
        block = block == 0 ? leaf.block : min(block, leaf.block)
      }
    }
    return (tile, block)
  }

  private static func tiling(_ space: Reduction.Space) -> (tile: Int, block: Int) {
    let tile = space.b <= 1024 ? 1024 / space.b * space.b : 1024
    let matrix = space.r * space.b
    return (tile, matrix * 4 >= tile ? matrix : 0)
  }

  /// Floats of the first-level cache that a pass may fill.
  private static let cacheFloats = 4 * 1024
}
