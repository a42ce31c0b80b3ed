/// A fused pass: a small register program that runs tile by tile over `count` elements.
///
/// Registers of contiguous leaves and of outputs point into the tensors themselves, the others
/// into scratch memory that stays in the first-level cache.
public struct Chain {
  public var instructions: UnsafePointer<Instruction>
  public var instructionCount: Int
  public var leaves: UnsafePointer<Leaf>
  public var leafCount: Int
  /// Register and memory of each result.
  public var outputs: UnsafePointer<Output>
  public var outputCount: Int
  /// For each register the number of its scratch buffer, or -1.
  public var scratchSlots: UnsafePointer<Int32>
  public var registerCount: Int
  /// Elements per tile.
  public var tile: Int
  /// Tiles do not cross multiples of this number; 0 where there is no need.
  public var block: Int

  public struct Output {
    public var register: Int32
    public var base: UnsafeMutablePointer<Float>

    public init(register: Int32, base: UnsafeMutablePointer<Float>) {
      self.register = register
      self.base = base
    }
  }

  public init(
    instructions: UnsafeBufferPointer<Instruction>, leaves: UnsafeBufferPointer<Leaf>,
    outputs: UnsafeBufferPointer<Output>, scratchSlots: UnsafeBufferPointer<Int32>, tile: Int,
    block: Int
  ) {
    self.instructions = instructions.baseAddress!
    instructionCount = instructions.count
    self.leaves = leaves.baseAddress!
    leafCount = leaves.count
    self.outputs = outputs.baseAddress!
    outputCount = outputs.count
    self.scratchSlots = scratchSlots.baseAddress!
    registerCount = scratchSlots.count
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
  _ chain: Chain, from: Int, to: Int, scratch: UnsafeMutablePointer<Float>,
  _ filled: UnsafeMutablePointer<Filled>, _ registers: RegisterTable,
  _ body: (_ start: Int, _ length: Int) -> Void
) {
  var start = from
  while start < to {
    var length = min(chain.tile, to - start)
    if chain.block > 0 { length = min(length, chain.block - start % chain.block) }
    for index in 0..<chain.leafCount {
      prepare(chain.leaves[index], start, length, registers, filled + index)
    }
    for index in 0..<chain.outputCount {
      let output = chain.outputs[index]
      registers[Int(output.register)] = output.base + start
    }
    interpret(chain.instructions, chain.instructionCount, registers, length)
    body(start, length)
    start += length
  }
}

/// Gives each register its scratch buffer and fills the constants.
func prepareRegisters(
  _ chain: Chain, _ scratch: UnsafeMutablePointer<Float>, _ registers: RegisterTable,
  _ filled: UnsafeMutablePointer<Filled>
) {
  for index in 0..<chain.registerCount {
    registers[index] = scratch + max(0, Int(chain.scratchSlots[index])) * chain.tile
  }
  for index in 0..<chain.leafCount {
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

/// Runs a fused pass over elements `from..<to`.
///
/// `scratch` has room for `tile` floats per scratch buffer; one per thread.
public func runChain(_ chain: Chain, from: Int, to: Int, scratch: UnsafeMutablePointer<Float>) {
  withUnsafeTemporaryAllocation(
    of: UnsafeMutablePointer<Float>.self, capacity: chain.registerCount
  ) { registers in
    withUnsafeTemporaryAllocation(of: Filled.self, capacity: chain.leafCount + 1) { filled in
      prepareRegisters(chain, scratch, registers.baseAddress!, filled.baseAddress!)
      forEachTile(
        chain, from: from, to: to, scratch: scratch, filled.baseAddress!, registers.baseAddress!
      ) { _, _ in }
    }
  }
}
