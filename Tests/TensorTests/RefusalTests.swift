import Foundation
import Tensor
import Testing

/// Wrong code stops with a message that begins with the op; each case runs in a process of its own.
@Suite struct RefusalTests {
  private func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test("shapes that do not stretch to a common one")
  func shapes() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.ones([2, 3]) + Tensor.ones([2])
    }
    #expect(message(result).contains("[+] shapes [2, 3] and [2] do not broadcast"))
  }

  @Test("an index outside the table")
  func index() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.ones([2, 3]).gathered(rows: Tensor([2], [1]))
    }
    #expect(message(result).contains("[gathered] index 2.0 at position 0"))
  }

  @Test("a derivative with respect to what is no variable")
  func noVariable() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tensor.ones([2, 3])
      _ = gradients(of: x.sum(), at: [x])
    }
    #expect(message(result).contains("[gradients] input 0, of shape [2, 3], is neither a variable"))
  }

  @Test("work from two threads at once")
  func twoThreads() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      withoutGradient {
        let other = Thread { _ = Tensor.ones([2]) + 1 }
        other.start()
        Thread.sleep(forTimeInterval: 10)
      }
    }
    #expect(message(result).contains("[Tensor] work from two threads at once"))
  }

  @Test("a reshape that loses elements")
  func reshape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.ones([2, 3]).reshaped([4, -1])
    }
    #expect(message(result).contains("[reshaped] 6 elements of shape [2, 3] do not fill [4, -1]"))
  }

  @Test("numbers that are not finite, when they are looked for")
  func finite() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      Compute.checksFinite = true
      _ = (Tensor([1, -1], [2]).log() * 2).scalars()
    }
    #expect(message(result).contains("[log, scale] element 1 of a result of shape [2]"))
    #expect(message(result).contains("inputs [2]"))
  }

  @Test("the first op that gives no number is named, with the shapes of its inputs")
  func firstNotFinite() {
    let x = Tensor([-1, 1, 1, 1], [2, 2])
    let found = Compute.firstNotFinite {
      _ = matmul(x.log(), x).scalars()
      _ = (x / 0).scalars()
    }
    #expect(found?.hasPrefix("[log] element 0 of a result of shape [2, 2] is") == true)
    #expect(found?.hasSuffix("inputs [2, 2]") == true)
    #expect(Compute.firstNotFinite { _ = (x + 1).scalars() } == nil)
  }

  @Test("a size below 0, an empty image, a padding below 0")
  func sizes() async {
    var result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.ones([2, 3]).reshaped([-2, -3])
    }
    #expect(message(result).contains("below 0 in shape [-2, -3]"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = maxPool2d(Tensor.ones([2, 0, 4, 3]), kernel: 2, stride: 2, padding: 1)
    }
    #expect(message(result).contains("x must be [N, H, W, C] with H and W above 0"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = conv2d(Tensor.ones([1, 4, 4, 3]), Tensor.ones([2, 3, 3, 3]), padding: -1)
    }
    #expect(message(result).contains("[conv2d] padding"))
  }
}
