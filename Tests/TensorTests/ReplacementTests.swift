import TestSupport
import Testing

@testable import Tensor

@Suite("Replacing tensors") struct ReplacementTests {
  /// A size class of its own, below and above what is written past the caches, with a remainder.
  static let counts = [1, 61, 5003, 300_007, (1 << 20) + 17]

  private static func numbers(_ count: Int, _ stream: String) -> Tensor {
    var random = RandomStream(seed: 8, stream: stream)
    return Tensor.normal([count], using: &random).evaluated()
  }

  /// The update of a weight with a mean and a mean square.
  private static func update(_ old: [Tensor], _ gradient: Tensor) -> [Tensor] {
    let m = 0.9 * old[1] + 0.1 * gradient
    let v = 0.99 * old[2] + 0.01 * gradient.square()
    return [old[0] - 0.1 * (m / (v.sqrt() + 1e-3)), m, v]
  }

  @Test("gives the same numbers in place, in the same three blocks", arguments: counts)
  func inPlace(_ count: Int) {
    let gradient = Self.numbers(count, "gradient")
    let start = ["weight", "mean", "square"].map { Self.numbers(count, $0).abs().evaluated() }
    let expected = Self.update(start, gradient).map { $0.scalars() }
    // Copies that only the array holds.
    var tensors = start.map { (value: Tensor) in (value + 0.0 * value).evaluated() }
    #expect(tensors.map { $0.scalars() } == start.map { $0.scalars() })
    let blocks = Set(tensors.map { $0.storage.pointer })
    let live = Compute.memory.liveBytes
    Tensor.replace(&tensors) { Self.update($0, gradient) }
    #expect(tensors.map { $0.scalars() } == expected)
    #expect(Set(tensors.map { $0.storage.pointer }) == blocks)
    #expect(Compute.memory.liveBytes == live)
  }

  @Test("each operand of an op may be what it replaces, and be read once more")
  func everyOperand() {
    let forms: [(_ x: [Tensor]) -> Tensor] = [
      { $0[0].relu() }, { $0[0].sqrt() }, { $0[0] + $0[1] }, { $0[0] - $0[1] }, { $0[0] * $0[1] },
      { $0[0] * $0[0] }, { 2 * $0[0] + $0[1] }, { 2 * $0[0] + 3 * $0[1] },
      { 2 * $0[0] - 3 * $0[1] }, { $0[0] * $0[1] + $0[2] }, { $0[0] * $0[1] - $0[2] },
      { $0[2] - $0[0] * $0[1] }, { `where`($0[0] .> 0.5, $0[1], $0[2]) },
      { (($0[0] - $0[1]).relu() + $0[0] * $0[2]).square() },
    ]
    let start = ["a", "b", "c"].map { Self.numbers(40_003, $0).abs().evaluated() }
    let combined = zip(start[0].scalars(), start[1].scalars()).map { a, b in
      (2 * a).addingProduct(b, -3)
    }
    #expect(difference((2 * start[0] - 3 * start[1]).scalars(), combined) == 0)
    for (index, form) in forms.enumerated() {
      let expected = form(start).scalars()
      for place in 0..<3 {
        // A copy that only the array holds.
        var tensors = [(start[place] + 0.0 * start[place]).evaluated()]
        Tensor.replace(&tensors) { old in
          var x = start
          x[place] = old[0]
          return [form(x)]
        }
        #expect(difference(tensors[0].scalars(), expected) == 0, "form \(index), operand \(place)")
      }
    }
  }

  @Test("what somebody else holds, or a pending tensor reads, keeps its numbers")
  func held() {
    var tensors = [Self.numbers(5003, "a"), Self.numbers(5003, "b"), Self.numbers(5003, "c")]
    let holder = tensors[0]
    let reshaped = tensors[1].reshaped([5003, 1])
    let pending = tensors[2] * 2 + 1
    let before = (holder.scalars(), reshaped.scalars())
    let expected = tensors[2].scalars().map { (1 as Float).addingProduct($0, 2) }
    Tensor.replace(&tensors) { old in old.map { $0 * 3 } }
    #expect(holder.scalars() == before.0 && reshaped.scalars() == before.1)
    #expect(pending.scalars() == expected)
  }

  @Test("tensors that come back unchanged, exchanged or reversed keep their numbers")
  func exchanged() {
    var tensors = [Self.numbers(300_007, "a"), Self.numbers(300_007, "b")]
    let (a, b) = (tensors[0].scalars(), tensors[1].scalars())
    Tensor.replace(&tensors) { [$0[1], $0[0]] }
    #expect(tensors[0].scalars() == b && tensors[1].scalars() == a)
    Tensor.replace(&tensors) { [$0[0] + 0 * $0[1], $0[0]] }
    #expect(tensors[0].scalars() == b && tensors[1].scalars() == b)
    // A copy that only the plan of the pass adds, behind what writes over its source.
    let c = tensors[1].scalars()
    Tensor.replace(&tensors) { old in
      [old[1] + 1, old[1].reshaped([1, 300_007]).transposed().reshaped([300_007])]
    }
    #expect(difference(tensors[0].scalars(), c.map { $0 + 1 }) == 0)
    #expect(difference(tensors[1].scalars(), c) == 0)
    // Read in another order than results are written in.
    var matrix = [Self.numbers(600 * 500, "m").reshaped([600, 500]).evaluated()]
    let transposed = matrix[0].transposed().reshaped([600, 500]).evaluated()
    let sum = (matrix[0] + transposed).scalars()
    Tensor.replace(&matrix) { [$0[0] + $0[0].transposed().reshaped([600, 500])] }
    #expect(matrix[0].scalars() == sum)
  }

  @Test("chains of more than one pass, reductions and sums over everything read old numbers")
  func longChains() {
    func long(_ old: [Tensor]) -> [Tensor] {
      var (x, y) = (old[0], old[1])
      for step in 1...40 {
        x = (x * 0.99 + y * Float(step) * 0.001).tanh()
        y = y * 0.9 + old[0] * old[1].square().mean()
      }
      return [x, y]
    }
    let start = [Self.numbers(5003, "a"), Self.numbers(5003, "b")]
    let expected = long(start).map { $0.scalars() }
    var tensors = start.map { (value: Tensor) in (value + 0.0 * value).evaluated() }
    Tensor.replace(&tensors, by: long)
    #expect(tensors.map { $0.scalars() } == expected)
  }

  @Test("a reshape made of an old tensor meanwhile keeps its numbers")
  func reshaped() {
    let start = Self.numbers(300_007, "a")
    var tensors = [(start + 0.0 * start).evaluated()]
    Tensor.replace(&tensors) { [$0[0] + 1, $0[0].reshaped([300_007, 1])] }
    #expect(tensors[1].scalars() == start.scalars())
    #expect(tensors[0].scalars() == start.scalars().map { $0 + 1 })
  }

  @Test("keeping what reads an old tensor stops the program and says so")
  func kept() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var tensors = [ReplacementTests.numbers(5003, "a")]
      var kept: [Tensor] = []
      Tensor.replace(&tensors) { old in
        kept = [old[0] * 2]
        return [old[0] + 1]
      }
      print(kept.count)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("[replace] a tensor of shape [5003] that was replaced is still read"))
  }
}

@Suite("Passes that write over what they read") struct ReuseTests {
  private static let count = 40_003

  /// A tensor that only its taker holds.
  private static func fresh(_ stream: String) -> Tensor {
    var random = RandomStream(seed: 8, stream: stream)
    return Tensor.normal([count], using: &random).evaluated()
  }

  @Test("a chain over what nobody else holds takes its memory")
  func reused() {
    let expected = (Self.fresh("a") * 2 + 1).relu().scalars()
    func chain() -> (result: Tensor, block: UnsafeMutablePointer<Float>) {
      let source = Self.fresh("a")
      return ((source * 2 + 1).relu(), source.storage.pointer)
    }
    let (result, block) = chain()
    let live = Compute.memory.liveBytes
    #expect(result.storage.pointer == block && Compute.memory.liveBytes == live)
    #expect(result.scalars() == expected)
  }

  @Test("what a handle, another chain, a reshape, a stretched reading or a derivative holds stays")
  func held() {
    let numbers = Self.fresh("a").scalars()
    let a = Self.fresh("a")
    _ = (a * 2).relu().scalars()
    #expect(a.scalars() == numbers)

    func twoChains() -> (Tensor, Tensor) {
      let a = Self.fresh("a")
      return ((a + 1).exp(), (a + 2).square())
    }
    let (first, second) = twoChains()
    let reference = twoChains()
    #expect(first.scalars() == reference.0.scalars())
    #expect(second.scalars() == reference.1.scalars())

    func reshaped() -> (Tensor, Tensor) {
      let a = Self.fresh("a")
      return (a * 3, a.reshaped([1, Self.count]))
    }
    let (product, view) = reshaped()
    _ = product.scalars()
    #expect(view.scalars() == numbers)

    func transposed() -> Tensor {
      let a = Tensor(Array(numbers.prefix(40_000)), [200, 200]).evaluated()
      return a.transposed() * 2 + 1
    }
    let turned = transposed().scalars()
    #expect((0..<200).allSatisfy { turned[$0] == (1 as Float).addingProduct(numbers[$0 * 200], 2) })

    let x = Self.fresh("a").variable()
    let y = (x * 2).square()
    _ = y.scalars()
    let found = gradients(of: y.sum(), at: [x])[0]?.scalars() ?? []
    #expect(zip(found, numbers).allSatisfy { abs($0 - 8 * $1) <= 1e-4 * max(1, abs($0)) })
  }

  @Test("results within results, equal ones and expensive parts read again get their own numbers")
  func severalResults() {
    func chain() -> [Tensor] {
      let a = Self.fresh("a") * 2
      let b = a.exp().tanh().sigmoid()
      return [a, b, b * Self.fresh("b"), b + 1, (a + 0.5).relu(), (a + 0.5).relu()]
    }
    let alone = chain().indices.map { index in chain()[index].scalars() }
    let together = chain()
    Tensor.evaluate(together)
    for (found, expected) in zip(together, alone) {
      #expect(difference(found, Tensor(expected, [Self.count])) < 1e-6)
    }
    let tensors = chain()
    for index in [3, 1, 2, 0, 5, 4] {
      #expect(difference(tensors[index], Tensor(alone[index], [Self.count])) < 1e-6)
    }
  }
}

@Suite("Gradients one by one") struct GradientStreamTests {
  /// A network whose first weight is used twice, with slices and a recurrent product.
  private static func loss(_ w: [Tensor]) -> Tensor {
    let x = Tensor.ones([3, 4])
    let h = matmul(matmul(x, w[0]).tanh(), w[0])
    let gates = (matmul(h, w[1]) + w[2]).sigmoid()
    let left = gates.sliced(axis: 1, from: 0, to: 2)
    let right = gates.sliced(axis: 1, from: 2, to: 4)
    return (left * right + (w[2] * 0.5).sum()).square().mean()
  }

  @Test("each comes once, complete, and they are those of a walk that gives all at the end")
  func same() {
    var random = RandomStream(seed: 9, stream: "one by one")
    let shapes = [[4, 4], [4, 4], [4], [2]]
    let weights = shapes.map { Tensor.normal($0, using: &random).variable() }
    let expected = gradients(of: Self.loss(weights), at: weights)
    var found = [Tensor?](repeating: nil, count: 4)
    forEachGradient(of: Self.loss(weights), at: weights) { index, gradient in
      #expect(found[index] == nil && !gradient.requiresGradient)
      found[index] = gradient
    }
    for (found, expected) in zip(found, expected) {
      #expect(found?.scalars() == expected?.scalars() && found?.shape == expected?.shape)
    }
    #expect(expected[3] == nil)
  }

  @Test("a loss that is the variable itself has the gradient 1")
  func identity() {
    let x = Tensor(3).variable()
    var found: [Float] = []
    forEachGradient(of: x, at: [x]) { found += [Float($0)] + $1.scalars() }
    #expect(found == [0, 1])
  }

  @Test(
    "weights replaced as soon as their gradients come change no later gradient, and stay where they are"
  )
  func replacedOnTheWay() {
    var random = RandomStream(seed: 11, stream: "on the way")
    let shapes = [[4, 4], [4, 4], [4]]
    let numbers = shapes.map { Tensor.normal($0, using: &random).scalars() }
    func variables() -> [Tensor] {
      zip(numbers, shapes).map { Tensor($0, $1).evaluated().variable() }
    }
    let fixed = variables()
    let reference = gradients(of: Self.loss(fixed + [Tensor(0)]), at: fixed)
    let weights = variables()
    var replaced = weights.map { $0.detached() }
    var found = [[Float]?](repeating: nil, count: 3)
    forEachGradient(of: Self.loss(weights + [Tensor(0)]), at: weights) { index, gradient in
      found[index] = gradient.scalars()
      var one = [replaced[index]]
      replaced[index] = Tensor(0)
      Tensor.replace(&one) { [$0[0] - gradient * 0.5] }
      replaced[index] = one[0]
    }
    for index in 0..<3 {
      let gradient = reference[index]?.scalars() ?? []
      #expect(found[index] == gradient)
      #expect(replaced[index].scalars() == zip(numbers[index], gradient).map { $0 - $1 * 0.5 })
      // The walk had the old ones, so they keep their numbers.
      #expect(weights[index].scalars() == numbers[index])
    }
  }

  @Test("gradients that are used up at once do not add up in memory")
  func memory() {
    var random = RandomStream(seed: 5, stream: "stream")
    let weights = (0..<6).map { _ in Tensor.normal([1024, 1024], using: &random).variable() }
    func loss() -> Tensor {
      weights.reduce(Tensor.ones([16, 1024])) { x, w in matmul(x, w).tanh() }.square().mean()
    }
    let total = loss()
    _ = total.item()
    Compute.resetPeakMemory()
    let before = Compute.memory.liveBytes
    var sums: [Float] = []
    forEachGradient(of: total, at: weights) { _, gradient in sums.append(gradient.sum().item()) }
    #expect(sums.count == 6)
    #expect(Compute.memory.peakBytes - before < 3 * 4 << 20)
  }
}
