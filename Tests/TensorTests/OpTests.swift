import Tensor
import TestSupport
import Testing

/// Every op but convolutions, pooling and normalisation against PyTorch, to first and second order.
@Suite("Ops") struct OpTests {
  let tolerance: Float = 1e-5
  let fixture: Fixture

  init() throws { fixture = try Fixture.load("ops") }

  private func list(_ item: OpCase, _ prefix: String = "") throws -> [Tensor] {
    let names = (0..<4).map { "\(item.name)/\(prefix)\($0)" }
    return try names.filter { fixture.names.contains($0) }.map { try fixture[$0].tensor() }
  }

  /// Compares value and derivatives, with the inputs as `prepare` presents their numbers.
  private func check(_ item: OpCase, _ prepare: (Tensor) -> Tensor) throws {
    let leaves = try list(item).map { $0.variable() }
    let y = item.op(leaves.map(prepare), try list(item, "k").map(prepare))
    #expect(difference(y, try fixture["\(item.name)/y"].tensor()) < tolerance, "value")
    let loss = (try fixture["\(item.name)/r"].tensor() * y * y * y).sum() / 3
    let first = gradients(of: loss, at: leaves, differentiable: true)
    try compare(first, try list(item, "g"), "first order")
    let squares = first.compactMap { $0?.square().sum() }
    guard var penalty = squares.first else { return }
    for square in squares.dropFirst() { penalty = penalty + square }
    try compare(gradients(of: penalty, at: leaves), try list(item, "p"), "second order")
  }

  private func compare(_ found: [Tensor?], _ expected: [Tensor], _ order: Comment) throws {
    try #require(found.count == expected.count)
    for (index, pair) in zip(found, expected).enumerated() {
      // Not reached is zero.
      let slope = pair.0 ?? .zeros(pair.1.shape)
      #expect(difference(slope, pair.1) < tolerance, "\(order), input \(index)")
    }
  }

  @Test("value, first and second derivatives agree with PyTorch", arguments: OpCase.all)
  func agrees(_ item: OpCase) throws {
    try check(item) { $0 }
  }

  @Test("the same for inputs that are views and for pending ones", arguments: OpCase.all)
  func views(_ item: OpCase) throws {
    try check(item) { asView($0) }
    try check(item) { $0 * 2 - $0 }
  }

  @Test(
    "a batch of no samples has a result and derivatives of none, and moves no weight",
    arguments: OpCase.all.filter { $0.batched != .none })
  func empty(_ item: OpCase) throws {
    func emptied(_ x: Tensor, _ index: Int) -> Tensor {
      item.batched == .all || index == 0 ? x.sliced(axis: 0, from: 0, to: 0) : x
    }
    // Stretching turns the first axis of some inputs into that of the result.
    let inputs = try list(item).enumerated().map { emptied($1, $0).evaluated().variable() }
    let constants = try list(item, "k").map { item.batched == .all ? emptied($0, 0) : $0 }
    let y = item.op(inputs, constants)
    #expect(y.shape == [0] + (try fixture["\(item.name)/y"].shape.dropFirst()))
    #expect(y.scalars().isEmpty)
    let first = gradients(of: y.square().sum(), at: inputs, differentiable: true)
    for (index, slope) in first.enumerated() {
      guard let slope else { continue }
      #expect(slope.shape == inputs[index].shape)
      #expect(slope.scalars().allSatisfy { $0 == 0 })
      let second = gradients(of: slope.square().sum(), at: inputs)
      for (input, slope) in zip(inputs, second) {
        #expect(slope?.shape ?? input.shape == input.shape)
        #expect((slope?.scalars() ?? []).allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("every recorded case is compared")
  func complete() {
    let recorded = Set(fixture.names.compactMap { $0.split(separator: "/").first.map(String.init) })
    #expect(recorded == Set(OpCase.all.map(\.name)))
  }
}
