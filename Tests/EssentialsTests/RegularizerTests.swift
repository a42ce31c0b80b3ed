import PluginAPI
import Testing

@Suite("Gradient penalty against PyTorch")
struct RegularizerTests {
  @Test("R1 over two scales, and its derivative with respect to the weights")
  func r1() throws {
    let penalty = try Essentials.build("r1", as: (any Regularizer).self)
    let weight = try Essentials.reference("r1.weight").variable()
    let photo = try Essentials.reference("r1.photo")
    let critic = Critic(real: photo, fake: photo, condition: [:]) { image, _ in
      var verdicts = Values()
      verdicts.set(
        "logits", [conv2d(image, weight).tanh(), conv2d(image, weight, stride: 2).tanh()])
      return Judgement(verdicts)
    }
    let value = penalty(critic, [:], in: Essentials.context)
    try expect(value, matches: "r1.value", tolerance: 1e-5)
    try expect(
      gradients(of: value, at: [weight])[0], matches: "r1.d.weight", tolerance: 1e-5)
  }
}
