import Tensor
import TestSupport
import Testing

/// What depends on the order in which pending values are computed, and what must not.
@Suite struct DeferredTests {
  @Test("a pending chain keeps reading a parameter's old value after it was replaced")
  func replacedParameter() {
    final class Box { var value = Tensor([1, 2, 3], [3]).variable() }
    let box = Box()
    let pending = box.value * 10
    box.value = (box.value.detached() + 1).evaluated().variable()
    #expect(pending.scalars() == [10, 20, 30])
    #expect((box.value * 10).scalars() == [20, 30, 40])
  }

  @Test("memory given back is not read by a chain that still needs it")
  func aliasing() {
    var x = fixedNumbers([50_000]).evaluated()
    let first = x.scalars()
    let pending = x + 1
    for step in 0..<20 {
      x = (x * 0.5 + Float(step)).evaluated()
      _ = Tensor.zeros([50_000]).evaluated()
    }
    expectClose(pending, first.map { $0 + 1 })
  }

  @Test("several results of one chain, in one pass")
  func severalOutputs() {
    let gradient = fixedNumbers([10_007], stream: "g").evaluated()
    let m = fixedNumbers([10_007], stream: "m").evaluated()
    let newM = m * 0.9 + gradient * 0.1
    let newV = gradient.square() * 0.1
    let step = newM / (newV.sqrt() + 1e-8)
    Tensor.evaluate([newM, newV, step, newM.reshaped([-1, 1])])
    let (g, old) = (gradient.scalars(), m.scalars())
    expectClose(newM, zip(old, g).map { $0 * 0.9 + $1 * 0.1 }, tolerance: 1e-6)
    expectClose(newV, g.map { $0 * $0 * 0.1 }, tolerance: 1e-6)
    expectClose(step, (newM / (newV.sqrt() + 1e-8)).scalars())
  }

  @Test("long chains are computed in pieces")
  func longChain() {
    var x = Tensor([1], [1])
    let leaf = x.variable()
    var y = leaf
    for _ in 0..<20_000 {
      x = x * 0.999 + 0.001
      y = y * 0.999 + 0.001
    }
    expectClose(x, [1], tolerance: 1e-4)
    let slope = gradients(of: y, at: [leaf])[0]
    expectClose(slope?.scalars() ?? [], [0], tolerance: 1e-6)
  }

  @Test("long alternations of movements and arithmetic are computed in pieces")
  func longAlternation() {
    var x = Tensor([1, 2, 3, 4], [2, 2])
    for _ in 0..<5000 { x = x.transposed() + 1 }
    #expect(x.scalars() == [5001, 5002, 5003, 5004])
  }

  @Test("chains that share their parts widely are computed once per part")
  func sharing() {
    var x = fixedNumbers([100]).evaluated()
    let start = x.scalars()
    for _ in 0..<60 { x = x * 0.5 + x * 0.5 }
    expectClose(x, start, tolerance: 1e-5)
  }

  @Test("the result does not depend on who asks first")
  func orderOfReading() {
    func parts() -> [Tensor] {
      let x = fixedNumbers([4, 9, 9, 5]).evaluated()
      let e = x.exp().tanh().sigmoid()
      let mean = e.mean(axes: [0, 1, 2])
      return [e * 2, mean, e - mean, (e - mean).square().sum()]
    }
    let forward = parts().map { $0.scalars() }
    let backward = Array(parts().reversed()).map { $0.scalars() }
    for (a, b) in zip(forward, backward.reversed()) { #expect(a == b) }
  }

  @Test("results repeat bit for bit")
  func reproducible() {
    func run() -> [Float] {
      let x = fixedNumbers([3, 40, 40, 24])
      let y = standardized(x, axes: [0, 1, 2], epsilon: 1e-5).output.leakyRelu(0.2)
      return y.mean(axes: [1, 2]).scalars() + [y.square().sum().item()]
    }
    #expect(run() == run())
  }

  @Test("one thread and two agree within rounding")
  func threads() {
    let before = Compute.threads
    defer { Compute.threads = before }
    let x = fixedNumbers([300_001])
    var results: [[Float]] = []
    for count in [1, 2, 3] {
      Compute.threads = count
      results.append((x.exp() + 1).scalars() + [x.exp().sum().item() / 300_001])
    }
    expectClose(results[0], results[1], tolerance: 1e-6)
    expectClose(results[0], results[2], tolerance: 1e-6)
  }

  @Test("a steady step asks the system for no memory")
  func steadyMemory() {
    let x = fixedNumbers([4, 32, 32, 16]).evaluated()
    var weight = fixedNumbers([16], stream: "w").variable()
    func step() {
      let y = standardized(x * weight, axes: [0, 1, 2], epsilon: 1e-5).output.relu()
      let slope = gradients(of: (y * x).sum(), at: [weight])[0] ?? weight
      weight = (weight.detached() - 0.1 * slope).evaluated().variable()
    }
    for _ in 0..<3 { step() }
    let before = Compute.memory
    for _ in 0..<5 { step() }
    #expect(Compute.memory.systemAllocations == before.systemAllocations)
    #expect(Compute.memory.liveBytes == before.liveBytes)
  }

  @Test("nothing is recorded without need")
  func recording() {
    let x = Tensor([1, 2], [2]).variable()
    #expect((x * 2).requiresGradient)
    #expect(!withoutGradient { x * 2 }.requiresGradient)
    #expect(!(x.detached() * 2).requiresGradient)
    #expect(x.isVariable && !(x * 2).isVariable)
    let y = Tensor([1, 2], [2]).variable()
    #expect(gradients(of: (x * 2).sum(), at: [x, y])[1] == nil)
    #expect(gradients(of: x, cotangent: Tensor([5, 6], [2]), at: [x])[0]?.scalars() == [5, 6])
    let middle = x * 3
    #expect(gradients(of: (middle * middle).sum(), at: [middle])[0]?.scalars() == [6, 12])
  }
}
