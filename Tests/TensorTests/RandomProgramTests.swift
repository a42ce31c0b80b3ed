import Tensor
import TestSupport
import Testing

/// Programs of random ops, computed at once and lazily: the results must agree.
@Suite struct RandomProgramTests {
  /// A small generator of choices.
  private struct Choices {
    var random: RandomStream
    mutating func below(_ n: Int) -> Int { Int(random.next() % UInt64(n)) }
    mutating func of<T>(_ items: [T]) -> T { items[below(items.count)] }
  }

  /// Runs one program; `eager` computes every step before the next.
  private func run(seed: Int, eager: Bool, readsEarly: Bool) -> [Tensor] {
    var choose = Choices(random: RandomStream(seed: UInt64(seed), stream: "program"))
    let size = choose.of([3, 16, 33, 701])
    let shapes = [
      [2, size, 7, 4], [2, size, 7, 1], [2, 1, 1, 4], [4], [1, size, 1, 1], [], [2, 1, 7, 4],
    ]
    var pool = shapes.enumerated().map { index, shape in
      fixedNumbers(shape, in: 0.5...1.5, stream: "\(index)")
    }
    for step in 0..<24 {
      let a = pool[choose.below(pool.count)]
      let b = pool[choose.below(pool.count)]
      var result = apply(choose.below(18), a, b, &choose)
      if eager { result = result.evaluated() }
      if readsEarly && step % 5 == 0 { _ = result.sum().item() }
      pool.append(result)
    }
    return Array(pool.suffix(12))
  }

  private func apply(_ op: Int, _ a: Tensor, _ b: Tensor, _ choose: inout Choices) -> Tensor {
    let full = a.rank == 4
    switch op {
    case 0: return (a + b).clamp(min: -4, max: 4)
    case 1: return a - b * 0.5
    case 2: return (a * b).clamp(min: -4, max: 4)
    case 3: return a / (b.square() + 1)
    case 4: return a.tanh() * 2
    case 5: return a.sigmoid() + 0.25
    case 6: return (a - 1).leakyRelu(0.2)
    case 7: return `where`(a .> 1, a, 2 - a)
    case 8: return full ? a.mean(axes: [choose.below(4)], keepingDims: true) : a
    case 9: return full ? a.sum(axes: [0, 1, 2], keepingDims: true) * 0.01 : a
    case 10: return full ? a.flipped(axis: choose.below(4)) : a
    case 11: return full ? a.permuted([0, 2, 1, 3]).reshaped(a.shape) : a
    case 12:
      guard full, a.shape[1] > 1 else { return a }
      let half = a.sliced(axis: 1, from: 0, to: 1)
      return Tensor.concatenated([a.sliced(axis: 1, from: 1, to: a.shape[1]), half * 2], axis: 1)
    case 13: return maximum(a, 1 - b)
    case 14: return full ? a.max(axes: [1, 2], keepingDims: true) : a
    case 15: return full ? standardized(a + b.mean() * 0.1, axes: [1, 2], epsilon: 0.1).output : a
    case 16: return full ? a.softmax(axis: -1) : a.abs()
    default: return full && a.shape[3] == 4 ? a.reshaped([-1, 2, 2]).reshaped(a.shape) : a
    }
  }

  @Test("lazy and immediate evaluation agree", arguments: 0..<150)
  func agree(seed: Int) {
    let eager = run(seed: seed, eager: true, readsEarly: false)
    let lazy = run(seed: seed, eager: false, readsEarly: false)
    let mixed = run(seed: seed, eager: false, readsEarly: true)
    for index in eager.indices.reversed() {
      expectClose(lazy[index], eager[index], tolerance: 2e-4, "result \(index)")
      expectClose(mixed[index], eager[index], tolerance: 2e-4, "result \(index), read early")
    }
  }

  @Test("derivatives of lazy and immediate programs agree", arguments: 0..<60)
  func derivatives(seed: Int) {
    func slopes(eager: Bool) -> [Tensor?] {
      var choose = Choices(random: RandomStream(seed: UInt64(seed), stream: "derivatives"))
      let leaves = [
        fixedNumbers([2, seed % 3 == 0 ? 701 : 9, 7, 4], in: 0.5...1.5, stream: "x").variable(),
        fixedNumbers([4], in: 0.5...1.5, stream: "c").variable(),
        fixedNumbers([2, 1, 1, 4], in: 0.5...1.5, stream: "s").variable(),
      ]
      var pool = leaves
      for _ in 0..<10 {
        let op = choose.of([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 15, 16])
        let result = apply(
          op, pool[choose.below(pool.count)], pool[choose.below(pool.count)], &choose)
        if eager { result.evaluated() }
        pool.append(result)
      }
      let total = pool.suffix(5).reduce(Tensor(0)) { $0 + $1.square().mean() }
      return gradients(of: total, at: leaves).map { eager ? $0?.evaluated() : $0 }
    }
    for (lazy, eager) in zip(slopes(eager: false), slopes(eager: true)) {
      #expect((lazy == nil) == (eager == nil))
      if let lazy, let eager { expectClose(lazy, eager, tolerance: 5e-4) }
    }
  }
}
