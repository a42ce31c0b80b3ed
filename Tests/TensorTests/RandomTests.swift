import Tensor
import TestSupport
import Testing

@Suite struct RandomTests {
  @Test("Philox 4x32 with ten rounds gives the published answers")
  func knownAnswers() {
    #expect(
      Philox.block(counter: (0, 0, 0, 0), key: (0, 0))
        == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones: UInt32 = 0xffff_ffff
    #expect(
      Philox.block(counter: (ones, ones, ones, ones), key: (ones, ones))
        == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: (0xa409_3822, 0x299f_31d0))
        == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test("the key alone decides the numbers")
  func keys() {
    func draw(_ seed: UInt64, _ stream: String, _ step: Int) -> [Float] {
      var random = RandomStream(seed: seed, stream: stream, step: step)
      return Tensor.normal([5], using: &random).scalars()
    }
    #expect(draw(1, "a", 0) == draw(1, "a", 0))
    #expect(draw(1, "a", 0) != draw(2, "a", 0))
    #expect(draw(1, "a", 0) != draw(1, "b", 0))
    #expect(draw(1, "a", 0) != draw(1, "a", 1))
    var random = RandomStream(seed: 1, stream: "a")
    let first = Tensor.normal([5], using: &random).scalars()
    #expect(first == draw(1, "a", 0))
    #expect(first != Tensor.normal([5], using: &random).scalars())
  }

  @Test("numbers do not depend on the number of threads or on how many are drawn")
  func threads() {
    let before = Compute.threads
    defer { Compute.threads = before }
    func draw(_ threads: Int, _ count: Int) -> [Float] {
      Compute.threads = threads
      var random = RandomStream(seed: 3, stream: "threads")
      return Tensor.normal([count], using: &random).scalars()
    }
    #expect(draw(1, 100_003) == draw(2, 100_003))
    #expect(Array(draw(1, 100_003).prefix(17)) == draw(1, 17))
  }

  @Test("whole numbers below a bound are all drawn, equally often")
  func below() {
    var random = RandomStream(seed: 3, stream: "below")
    var counts = [Int](repeating: 0, count: 31)
    for _ in 0..<31_000 { counts[random.below(31)] += 1 }
    // Five standard deviations of a binomial count.
    #expect(counts.allSatisfy { abs($0 - 1000) < 160 }, "\(counts)")
    #expect((0..<10).allSatisfy { _ in random.below(1) == 0 })
  }

  @Test("normal and uniform numbers have the moments of their distributions")
  func moments() {
    var random = RandomStream(seed: 5, stream: "moments")
    let z = Tensor.normal([1_000_000], using: &random)
    #expect(abs(z.mean().item()) < 4e-3)
    #expect(abs(z.variance().item() - 1) < 6e-3)
    #expect(abs((z.square() * z.square()).mean().item() - 3) < 5e-2)
    #expect(abs((z .> 1.96).mean().item() - 0.025) < 1e-3)
    let u = Tensor.uniform([1_000_000], in: 2...4, using: &random)
    #expect(abs(u.mean().item() - 3) < 3e-3)
    #expect(u.min().item() >= 2 && u.max().item() <= 4)
    #expect(
      abs(
        (z.sliced(axis: 0, from: 1, to: 1_000_000) * z.sliced(axis: 0, from: 0, to: 999_999)).mean()
          .item()) < 4e-3)
  }
}
