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
  }
}
