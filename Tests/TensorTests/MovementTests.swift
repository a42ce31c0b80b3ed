import Tensor
import TestSupport
import Testing

@Suite struct MovementTests {
  let x = Tensor((0..<24).map { Float($0) }, [2, 3, 4])

  @Test("reshaping keeps the order and finds the open size")
  func reshaping() {
    #expect(x.reshaped([4, -1]).shape == [4, 6])
    #expect(x.reshaped([4, -1]).scalars() == x.scalars())
    #expect((x * 2).reshaped([6, 4]).scalars() == x.scalars().map { $0 * 2 })
    #expect(x.expandedDims(1).shape == [2, 1, 3, 4])
    #expect(x.expandedDims(-1).squeezed(-1).shape == [2, 3, 4])
    #expect(x.expandedDims(0).squeezed().shape == [2, 3, 4])
  }

  @Test("permuting, slicing, flipping and their combinations")
  func views() {
    let p = x.permuted([2, 0, 1])
    #expect(p.shape == [4, 2, 3])
    #expect(
      p.scalars() == [
        0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23,
      ])
    #expect(x.sliced(axis: 1, from: 1, to: 2).scalars() == [4, 5, 6, 7, 16, 17, 18, 19])
    #expect(x.sliced(axis: 2, from: -1, to: 4).scalars() == [3, 7, 11, 15, 19, 23])
    #expect(
      x.flipped(axis: 2).sliced(axis: 2, from: 0, to: 1).scalars() == [3, 7, 11, 15, 19, 23])
    #expect(p.sliced(axis: 0, from: 1, to: 2).flipped(axis: 1).scalars() == [13, 17, 21, 1, 5, 9])
    #expect((p + p).scalars() == p.scalars().map { $0 * 2 })
    let middle = Tensor([1, 2, 3, 4, 5, 6], [6]).sliced(axis: 0, from: 2, to: 4)
    #expect((Tensor([10, 20, 30, 40], [2, 2]) * middle).scalars() == [30, 80, 90, 160])
  }

  @Test("large permutations, in odd sizes")
  func largePermutation() {
    let y = fixedNumbers([3, 37, 41, 19])
    let q = y.permuted([0, 3, 1, 2])
    let values = y.scalars()
    let moved = q.scalars()
    for (n, c, h, w) in [(0, 0, 0, 0), (2, 18, 36, 40), (1, 7, 20, 3), (2, 0, 36, 1)] {
      #expect(
        moved[((n * 19 + c) * 37 + h) * 41 + w] == values[((n * 37 + h) * 41 + w) * 19 + c])
    }
    #expect(q.permuted([0, 2, 3, 1]).scalars() == values)
  }

  @Test("joining, stacking, splitting and repeating")
  func joining() {
    let a = Tensor([1, 2, 3, 4], [2, 2])
    let b = Tensor([5, 6], [2, 1])
    #expect(Tensor.concatenated([a, b], axis: 1).scalars() == [1, 2, 5, 3, 4, 6])
    #expect(Tensor.concatenated([a, a * 10], axis: 0).scalars() == [1, 2, 3, 4, 10, 20, 30, 40])
    #expect(
      Tensor.concatenated([a, Tensor.zeros([2, 1])], axis: 1).scalars() == [1, 2, 0, 3, 4, 0])
    #expect(Tensor.stacked([a, a + 1]).shape == [2, 2, 2])
    #expect(Tensor.stacked([a, a + 1], axis: 2).scalars() == [1, 2, 2, 3, 3, 4, 4, 5])
    #expect(x.split(axis: 2, sizes: [1, 3])[1].shape == [2, 3, 3])
    #expect(Tensor([1, 2], [2]).repeated(2, axis: 0).scalars() == [1, 2, 1, 2])
    #expect(b.broadcast(to: [2, 2]).scalars() == [5, 5, 6, 6])
  }

  @Test("borders of zeros, mirrored, repeated")
  func padding() {
    let row = Tensor([1, 2, 3], [1, 3])
    let widths = [(before: 0, after: 0), (before: 2, after: 1)]
    #expect(row.padded(widths).scalars() == [0, 0, 1, 2, 3, 0])
    #expect(row.padded(widths, mode: .reflect).scalars() == [3, 2, 1, 2, 3, 2])
    #expect(row.padded(widths, mode: .replicate).scalars() == [1, 1, 1, 2, 3, 3])
  }

  @Test("rows looked up by index, and the sum of their derivatives")
  func gathering() {
    let table = Tensor([1, 2, 3, 4, 5, 6], [3, 2]).variable()
    let indices = Tensor([2, 0, 2], [3])
    let rows = table.gathered(rows: indices)
    #expect(rows.scalars() == [5, 6, 1, 2, 5, 6])
    #expect(gradients(of: rows.sum(), at: [table])[0]?.scalars() == [1, 1, 0, 0, 2, 2])
    expectGradients(at: [fixedNumbers([3, 2])]) { $0[0].gathered(rows: indices).square() }
  }

  @Test("first and second derivatives agree with differences")
  func derivatives() {
    let a = fixedNumbers([2, 3, 2])
    let b = fixedNumbers([2, 1, 2], stream: "b")
    expectGradients(at: [a]) { $0[0].reshaped([3, 4]).square() }
    expectGradients(at: [a]) { $0[0].square().permuted([2, 0, 1]).square() }
    expectGradients(at: [a]) { $0[0].sliced(axis: 1, from: 1, to: 3).square() }
    expectGradients(at: [a]) { $0[0].square().flipped(axis: 1) }
    expectGradients(at: [b]) { $0[0].square().broadcast(to: [2, 3, 2]).square() }
    expectGradients(at: [b]) { $0[0].square().repeated(3, axis: 0) }
    expectGradients(at: [a, b]) { Tensor.concatenated([$0[0], $0[1].square()], axis: 1).square() }
    expectGradients(at: [b, b]) { Tensor.stacked([$0[0].square(), $0[1]], axis: 1).square() }
    for mode in PaddingMode.allCases {
      expectGradients(at: [a]) {
        $0[0].padded([(0, 0), (1, 2), (1, 0)], mode: mode).square()
      }
    }
  }

  @Test("views of empty tensors")
  func empty() {
    let e = Tensor.zeros([0, 3])
    #expect(e.permuted([1, 0]).scalars().isEmpty)
    #expect(Tensor.concatenated([e, Tensor.ones([1, 3])], axis: 0).scalars() == [1, 1, 1])
    #expect(e.sliced(axis: 1, from: 1, to: 2).scalars().isEmpty)
  }
}

extension MovementTests {
  @Test("large pending parts are computed straight into their place")
  func largeJoining() {
    let a = fixedNumbers([2, 37, 41, 19])
    let b = fixedNumbers([2, 37, 41, 5], stream: "b")
    let joined = Tensor.concatenated([a * 2, b.tanh(), Tensor.ones([2, 37, 41, 1])], axis: 3)
    let parts = joined.split(axis: 3, sizes: [19, 5, 1])
    #expect(parts[0].scalars() == (a * 2).scalars())
    #expect(parts[1].scalars() == b.tanh().scalars())
    #expect(parts[2].scalars().allSatisfy { $0 == 1 })
    let behind = Tensor.concatenated([a + 1, a.flipped(axis: 1)], axis: 1)
    #expect(behind.sliced(axis: 1, from: 37, to: 74).scalars() == a.flipped(axis: 1).scalars())
  }
}
