import Tensor
import Testing

@Suite("Profile")
struct ProfileTests {
  /// What `body` spends, as `component/direction/kind`.
  private func profiled(_ body: () -> Void) -> [String: Profile.Entry] {
    Profile.start()
    defer { Profile.stop() }
    body()
    let named = Profile.found.map { entry in
      let direction = entry.isBackward ? "backward" : "forward"
      return ("\(entry.component)/\(direction)/\(entry.kind.rawValue)", entry)
    }
    return Dictionary(uniqueKeysWithValues: named)
  }

  /// 0, 1, 2, … (not ones, which are never written down).
  private func numbers(_ shape: [Int]) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { Float($0) / 8 }, shape)
  }

  @Test("Convolutions are found to be run again alone")
  func replay() {
    let x = numbers([1, 4, 4, 2])
    let w = numbers([3, 2, 3, 3])
    _ = profiled {
      for _ in 0..<2 { _ = conv2d(x, w, padding: 1) }
    }
    #expect(Profile.convolutionsAlone(rounds: 2) > 0)
    let labels = Tensor((0..<16).map { Float($0 % 2) }, [1, 4, 4])
    let found = profiled {
      let variable = w.variable()
      let y = conv2d(labels.oneHot(classes: 2), variable)
      _ = gradients(of: y.square().sum(), at: [variable])[0]?.evaluated()
    }
    #expect(found["/forward/convolution"]?.calls == 1 && found["/backward/convolution"]?.calls == 1)
    #expect(Profile.convolutionsAlone(rounds: 2) > 0)
    _ = profiled { _ = matmul(numbers([2, 2]), numbers([2, 2])) }
    #expect(Profile.convolutionsAlone(rounds: 2) == 0)
  }

  @Test("A product and its derivatives belong to the component that multiplied")
  func derivativesBelongToTheirForwardPass() {
    let x = numbers([4, 8]).variable()
    let w = numbers([8, 16]).variable()
    let found = profiled {
      let y = Profile.within("network") { matmul(x, w) }
      let loss = Profile.within("loss") { y.square().sum() }
      Tensor.evaluate(gradients(of: loss, at: [x, w]).compactMap(\.self))
    }
    #expect(found["network/forward/product"]?.calls == 1)
    #expect(found["network/backward/product"]?.calls == 2)
    #expect(found["loss/backward/fused pass"]?.calls == 1)
    #expect(found.keys.allSatisfy { !$0.hasPrefix("loss/") || !$0.hasSuffix("product") })
  }

  @Test("A pending chain belongs to the component that wrote it, not to the one that reads it")
  func chainsBelongToTheirWriter() {
    let x = numbers([16])
    let found = profiled {
      let y = Profile.within("writer") { x * 2 + 1 }
      Profile.within("reader") { #expect(y.scalars()[0] == 1) }
    }
    #expect(found.keys.sorted() == ["writer/forward/fused pass"])
    // 16 numbers read and 16 written.
    #expect(found["writer/forward/fused pass"]?.bytes == 2 * 16 * 4)
  }

  @Test("The innermost component counts, and the outer one comes back")
  func componentsNest() {
    let a = numbers([2, 2])
    let found = profiled {
      Profile.within("outer") {
        _ = matmul(a, a)
        Profile.within("inner") { _ = matmul(a, a) }
        _ = matmul(a, a)
      }
      _ = matmul(a, a)
    }
    #expect(found["outer/forward/product"]?.calls == 2)
    #expect(found["inner/forward/product"]?.calls == 1)
    #expect(found["/forward/product"]?.calls == 1)
  }

  @Test("Reductions, copies and convolutions are told apart, and a primitive's own work is its own")
  func kinds() {
    let x = numbers([1, 4, 4, 2])
    let w = numbers([3, 2, 3, 3])
    let found = profiled {
      _ = conv2d(x, w, padding: 1).sum().item()
      _ = x.permuted([0, 3, 1, 2]).evaluated()
      _ = Tensor.concatenated([x + 1, x * 2], axis: 0).evaluated()
    }
    #expect(found["/forward/convolution"]?.calls == 1)
    #expect(found["/forward/reduction"]?.calls == 1)
    #expect(found["/forward/copy"]?.calls == 2)
    #expect(found.values.allSatisfy { $0.seconds >= 0 && $0.peakBytes > 0 })
  }

  @Test("Numbers are the same bits with a profile as without")
  func changesNothing() {
    let x = numbers([3, 5])
    let plain = (x.exp() * 2).softmax().scalars()
    var timed: [Float] = []
    _ = profiled { timed = (x.exp() * 2).softmax().scalars() }
    #expect(plain == timed)
    #expect(!Profile.isOn)
  }
}
