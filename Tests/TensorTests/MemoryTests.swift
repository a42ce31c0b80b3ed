import TestSupport
import Testing

@testable import Tensor

@Suite("Memory") struct MemoryTests {
  @Test(
    "large blocks never overlap and grow together again, in one wide region or in several narrow ones",
    arguments: [[16 << 30], [1 << 60, 64 << 20]])
  func largeBlocks(_ widths: [Int]) throws {
    var blocks = LargeBlocks(widths: widths)
    var random = RandomStream(seed: 3, stream: "blocks")
    var taken: [(start: Int, bytes: Int, block: UnsafeMutableRawPointer)] = []
    for turn in 0..<600 {
      if turn < 400 && random.next() % 3 > 0 {
        let bytes = LargeBlocks.bytes(1 << 16 + Int(random.next() % 9_000_000))
        let block = blocks.take(bytes: bytes).block
        let start = Int(bitPattern: block)
        #expect(start % 64 == 0)
        #expect(!taken.contains { $0.start < start + bytes && start < $0.start + $0.bytes })
        taken.append((start, bytes, block))
      } else if !taken.isEmpty {
        let last = taken.remove(at: Int(random.next() % UInt64(taken.count)))
        #expect(blocks.give(last.block) == last.bytes)
      }
      let live = taken.reduce(0) { $0 + $1.bytes }
      #expect(blocks.heldBytes == live + blocks.freeBytes)
    }
    for last in taken { _ = blocks.give(last.block) }
    #expect(blocks.freeBytes == blocks.heldBytes && blocks.heldBytes > 0)
    // Grown together again: a block of all that was held reaches nowhere new.
    if widths.count == 1 { #expect(!blocks.take(bytes: blocks.heldBytes).isNew) }
  }

  @Test("numbers stay what they are while small pages are joined to large ones")
  func joinedPages() {
    var blocks = LargeBlocks(widths: [1 << 30])
    let count = 2 << 20  // 16 MiB: eight large pages
    let numbers = blocks.take(bytes: count * 8).block.bindMemory(to: Int.self, capacity: count)
    for index in 0..<count { numbers[index] = index }
    _ = blocks.give(blocks.take(bytes: 1 << 20).block)
    for _ in 0..<400 {
      let again = blocks.take(bytes: 1 << 20)
      #expect(!again.isNew)
      _ = blocks.give(again.block)
    }
    #expect((0..<count).allSatisfy { numbers[$0] == $0 })
  }

  @Test("results that are written past the caches are those of a small pass", arguments: [48, 61])
  func streamed(_ channels: Int) {
    let rows = (1 << 20) / channels + 3
    var random = RandomStream(seed: 4, stream: "streamed")
    let x = Tensor.normal([rows, channels], using: &random)
    let scale = Tensor.normal([channels], using: &random)
    let y = (x * scale + 1).relu()
    let sum = y.sum(axes: [0])
    Tensor.evaluate([y, sum])
    let whole = y.scalars()
    for first in stride(from: 0, to: rows, by: 4001) {
      let count = min(97, rows - first)
      let part = x.sliced(axis: 0, from: first, to: first + count).evaluated()
      let expected = (part * scale + 1).relu().scalars()
      #expect(Array(whole[first * channels..<(first + count) * channels]) == expected)
    }
    #expect(difference(sum, Tensor(whole, [rows, channels]).sum(axes: [0])) < 1e-6)
  }

  @Test("the last walk lets go of memory on the way, and gives the same derivatives")
  func releasing() {
    func loss(_ weights: [Tensor]) -> Tensor {
      weights.reduce(Tensor.ones([512, 1024])) { x, w in matmul(x, w).tanh() }.square().mean()
    }
    var random = RandomStream(seed: 5, stream: "releasing")
    let weights = (0..<6).map { _ in Tensor.normal([1024, 1024], using: &random).variable() }
    func run(releasing: Bool) -> (gradients: [[Float]], peak: Int) {
      let total = loss(weights)
      _ = total.item()
      Compute.resetPeakMemory()
      let before = Compute.memory.liveBytes
      let found = gradients(of: total, at: weights, releasing: releasing)
      Tensor.evaluate(found.compactMap(\.self))
      let peak = Compute.memory.peakBytes - before
      return (found.map { $0?.scalars() ?? [] }, peak)
    }
    let kept = run(releasing: false)
    let released = run(releasing: true)
    #expect(kept.gradients == released.gradients)
    #expect(released.peak < kept.peak)
  }

  @Test("a walk through what was let go stops the program")
  func released() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tensor([1, 2], [2]).variable()
      let y = x.exp().sum()
      _ = gradients(of: y, at: [x], releasing: true)
      _ = gradients(of: y, at: [x])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("let go by an earlier call"))
  }
}
