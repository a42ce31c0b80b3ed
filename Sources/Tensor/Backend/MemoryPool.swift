import Glibc
import Synchronization

/// Blocks of floats, kept for reuse, so that a steady step asks the system for nothing.
///
/// Small ones are kept by size class, in eighths between powers of two; large ones are cut from ``LargeBlocks``.
/// Safe to call from any thread.
final class MemoryPool: Sendable {
  static let shared = MemoryPool()

  private struct State: @unchecked Sendable {
    var free: [[UnsafeMutablePointer<Float>]] = Array(repeating: [], count: 512)
    var largeBlocks = LargeBlocks()
    var statistics = MemoryStatistics()
  }

  /// Blocks of this many floats and more are large.
  private static let large = 1 << 16

  private let state = Mutex(State())

  /// The block size of a class, at least 16 floats.
  private static func sizeClass(_ count: Int) -> (index: Int, floats: Int) {
    if count <= 128 {
      let steps = max(1, (count + 15) / 16)
      return (steps - 1, steps * 16)
    }
    let exponent = Int.bitWidth - 1 - (count - 1).leadingZeroBitCount  // 2^exponent < = count - 1
    let step = 1 << (exponent - 3)
    let steps = (count - 1) / step + 1  // 9...16 eighths of 2^exponent
    return ((exponent - 6) * 8 + steps - 9 + 8, steps * step)
  }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    if count >= MemoryPool.large { return takeLarge(count) }
    let (index, floats) = MemoryPool.sizeClass(count)
    let (reused, number) = state.withLock { state -> (UnsafeMutablePointer<Float>?, Int) in
      state.statistics.liveBytes += floats * 4
      state.statistics.peakBytes = max(state.statistics.peakBytes, state.statistics.liveBytes)
      if let block = state.free[index].popLast() {
        state.statistics.idleBytes -= floats * 4
        return (block, 0)
      }
      state.statistics.systemAllocations += 1
      return (nil, state.statistics.systemAllocations)
    }
    return reused ?? MemoryPool.allocate(floats, number: number)
  }

  func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    if count >= MemoryPool.large { return giveLarge(pointer) }
    let (index, floats) = MemoryPool.sizeClass(count)
    // `nonisolated(unsafe)`: the block has no other owner now.
    nonisolated(unsafe) let block = pointer
    state.withLock { state in
      state.statistics.liveBytes -= floats * 4
      state.statistics.idleBytes += floats * 4
      state.free[index].append(block)
    }
  }

  private func takeLarge(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = LargeBlocks.bytes(count)
    let address = state.withLock { state -> UInt in
      let held = state.largeBlocks.heldBytes
      let (block, isNew) = state.largeBlocks.take(bytes: bytes)
      state.statistics.idleBytes += state.largeBlocks.heldBytes - held - bytes
      state.statistics.liveBytes += bytes
      state.statistics.peakBytes = max(state.statistics.peakBytes, state.statistics.liveBytes)
      if isNew { state.statistics.systemAllocations += 1 }
      return UInt(bitPattern: block)
    }
    guard let block = UnsafeMutableRawPointer(bitPattern: address) else {
      preconditionFailure("[memory] a block at no address")
    }
    return block.bindMemory(to: Float.self, capacity: count)
  }

  private func giveLarge(_ pointer: UnsafeMutablePointer<Float>) {
    // `nonisolated(unsafe)`: the block has no other owner now.
    nonisolated(unsafe) let block = UnsafeMutableRawPointer(pointer)
    state.withLock { state in
      let bytes = state.largeBlocks.give(block)
      state.statistics.liveBytes -= bytes
      state.statistics.idleBytes += bytes
    }
  }

  var statistics: MemoryStatistics { state.withLock { $0.statistics } }

  func resetPeak() {
    state.withLock { $0.statistics.peakBytes = $0.statistics.liveBytes }
  }

  private static func allocate(_ floats: Int, number: Int) -> UnsafeMutablePointer<Float> {
    let bytes = floats * 4
    // Blocks start at different places within a page: streams that run through several tensors at equal
    // distance from their start would otherwise meet in the same cache sets and memory banks.
    let shift = bytes < 16384 ? 0 : (number % 16) * 256
    var raw: UnsafeMutableRawPointer?
    let status = posix_memalign(&raw, 64, bytes + shift)
    guard status == 0, let raw else {
      preconditionFailure("[memory] the system has no block of \(bytes) bytes left")
    }
    return (raw + shift).bindMemory(to: Float.self, capacity: floats)
  }
}

/// What the memory pool has handed out and keeps.
public struct MemoryStatistics: Sendable {
  /// Bytes in tensors that are alive.
  public internal(set) var liveBytes = 0
  /// The most bytes that were alive at once.
  public internal(set) var peakBytes = 0
  /// Bytes kept for reuse.
  public internal(set) var idleBytes = 0
  /// How often the system was asked for a block.
  public internal(set) var systemAllocations = 0
}
