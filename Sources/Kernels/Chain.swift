internal import CIntrinsics

/// A fused pass: a small register program that runs tile by tile over `count` elements.
///
/// Registers of contiguous leaves and of outputs point into the tensors themselves, the others
/// into scratch memory that stays in the first-level cache.
package struct Chain {
  package var instructions: UnsafeBufferPointer<Instruction>
  package var leaves: UnsafeBufferPointer<Leaf>
  /// Register and memory of each result.
  package var outputs: UnsafeBufferPointer<Output>
  /// For each register the number of its scratch buffer, or -1.
  package var scratchSlots: UnsafeBufferPointer<Int32>
  /// Elements per tile.
  package var tile: Int
  /// Tiles do not cross multiples of this number; 0 where there is no need.
  package var block: Int

  /// Where a result goes: in one piece, or in rows of `width` elements that lie `rowStep` apart.
  package struct Output {
    package var register: Int32
    package var base: UnsafeMutablePointer<Float>
    package var width: Int
    package var rowStep: Int
    /// Whether it is written past the caches, for results that are larger than these.
    package var isStreamed: Bool
    /// Whether the last instruction writes to its memory directly.
    package var isDirect: Bool { width == 0 && !isStreamed }

    package init(
      register: Int32, base: UnsafeMutablePointer<Float>, width: Int = 0, rowStep: Int = 0,
      isStreamed: Bool = false
    ) {
      self.isStreamed = isStreamed
      self.register = register
      self.base = base
      self.width = width
      self.rowStep = rowStep
    }
  }

  package init(
    instructions: UnsafeBufferPointer<Instruction>, leaves: UnsafeBufferPointer<Leaf>,
    outputs: UnsafeBufferPointer<Output>, scratchSlots: UnsafeBufferPointer<Int32>, tile: Int,
    block: Int
  ) {
    self.instructions = instructions
    self.leaves = leaves
    self.outputs = outputs
    self.scratchSlots = scratchSlots
    self.tile = tile
    self.block = block
  }
}

/// What a repeating leaf's scratch buffer holds at the moment.
struct Filled {
  var outer = -1
  var phase = -1
  var length = 0
}

/// Runs `body(start, length, registers)` for each tile of `range`, after the program has run on it.
@inline(__always)
func forEachTile(
  _ chain: Chain, from: Int, to: Int,
  _ filled: UnsafeMutablePointer<Filled>, _ registers: RegisterTable,
  _ body: (_ start: Int, _ length: Int) -> Void
) {
  var start = from
  while start < to {
    var length = min(chain.tile, to - start)
    if chain.block > 0 { length = min(length, chain.block - start % chain.block) }
    for index in 0..<chain.leaves.count {
      prepare(chain.leaves[index], start, length, registers, filled + index)
    }
    for index in 0..<chain.outputs.count {
      let output = chain.outputs[index]
      if output.isDirect { registers[Int(output.register)] = output.base + start }
    }
    // The next tile's memory is asked for in slices, one before each instruction, so that it
    // arrives while this tile is computed.
    let ahead = start + length
    let wanted = chain.instructions.count > 1 && ahead < to ? length : 0
    let slice = chain.instructions.isEmpty ? 0 : wanted / chain.instructions.count + 16
    var asked = 0
    for instruction in chain.instructions {
      if asked < wanted {
        let end = min(asked + slice, wanted)
        for leaf in chain.leaves where leaf.kind == .contiguous {
          if let base = leaf.base { prefetch(base + ahead, from: asked, to: end) }
        }
        asked = end
      }
      interpret(instruction, registers, length)
    }
    for index in 0..<chain.outputs.count where !chain.outputs[index].isDirect {
      let output = chain.outputs[index]
      let tile = registers[Int(output.register)]
      if output.isStreamed {
        intrinsic_stream(output.base + start, tile, length)
      } else {
        writeRows(output, tile, start, length)
      }
    }
    body(start, length)
    start += length
  }
}

/// Gives each register its scratch buffer and fills the constants.
func prepareRegisters(
  _ chain: Chain, _ scratch: UnsafeMutablePointer<Float>, _ registers: RegisterTable,
  _ filled: UnsafeMutablePointer<Filled>
) {
  for index in 0..<chain.scratchSlots.count {
    registers[index] = scratch + max(0, Int(chain.scratchSlots[index])) * chain.tile
  }
  for index in 0..<chain.leaves.count {
    filled[index] = Filled()
    let leaf = chain.leaves[index]
    if leaf.kind == .constant {
      registers[Int(leaf.register)].update(repeating: leaf.constant, count: chain.tile)
    }
  }
}

/// Makes a leaf's register hold the elements of the tile.
@inline(__always)
private func prepare(
  _ leaf: Leaf, _ start: Int, _ length: Int, _ registers: RegisterTable,
  _ filled: UnsafeMutablePointer<Filled>
) {
  guard let base = leaf.base else { return }
  if leaf.kind == .contiguous {
    registers[Int(leaf.register)] = base + start
    return
  }
  guard let layout = leaf.layout else { return }
  let target = registers[Int(leaf.register)]
  if leaf.period > 0 {
    let outer = start / leaf.block
    let phase = start % leaf.period
    let crosses = (start + length - 1) / leaf.block != outer
    if !crosses, filled.pointee.outer == outer, filled.pointee.phase == phase,
      filled.pointee.length >= length
    {
      return
    }
    filled.pointee = crosses ? Filled() : Filled(outer: outer, phase: phase, length: length)
  }
  readStrided(target, base, layout, rank: leaf.rank, start: start, count: length)
}

/// Copies a tile to the rows of its result.
private func writeRows(
  _ output: Chain.Output, _ tile: UnsafeMutablePointer<Float>, _ start: Int, _ length: Int
) {
  var row = start / output.width
  var column = start - row * output.width
  var done = 0
  while done < length {
    let count = min(output.width - column, length - done)
    copyRun(output.base + row * output.rowStep + column, tile + done, count)
    done += count
    row += 1
    column = 0
  }
}

@inline(__always)
private func prefetch(_ base: UnsafePointer<Float>, from: Int, to: Int) {
  var offset = from
  while offset < to {
    intrinsic_prefetch(base + offset)
    offset += 16
  }
}

/// Runs a fused pass over elements `from..<to`.
///
/// `scratch` has room for `tile` floats per scratch buffer; one per thread.
package func runChain(_ chain: Chain, from: Int, to: Int, scratch: UnsafeMutablePointer<Float>) {
  withTables(chain) { registers, filled in
    prepareRegisters(chain, scratch, registers, filled)
    forEachTile(chain, from: from, to: to, filled, registers) { _, _ in }
  }
  if chain.outputs.contains(where: \.isStreamed) { intrinsic_stream_end() }
}

/// Lends the tables that one thread needs while it runs a pass.
func withTables(
  _ chain: Chain,
  _ body: (_ registers: RegisterTable, _ filled: UnsafeMutablePointer<Filled>) -> Void
) {
  withUnsafeTemporaryAllocation(
    of: UnsafeMutablePointer<Float>.self, capacity: chain.scratchSlots.count + 1
  ) { registers in
    withUnsafeTemporaryAllocation(of: Filled.self, capacity: chain.leaves.count + 1) { filled in
      if let table = registers.baseAddress, let state = filled.baseAddress { body(table, state) }
    }
  }
}
