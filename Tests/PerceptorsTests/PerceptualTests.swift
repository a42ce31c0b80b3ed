import PluginAPI
import TestSupport
import Testing

@Suite("Perceptual loss")
struct PerceptualTests {
  @Test("Value and gradient as in PyTorch; the target teaches nothing")
  func agrees() throws {
    let loss = try Perceptors.build("perceptual", side: 16, as: (any Loss).self)
    Perceptors.fill(loss)
    let generated = Perceptors.made("generated", [2, 16, 16, 3]).variable()
    let target = Perceptors.made("target", [2, 16, 16, 3]).variable()
    let value = loss(["generated": generated, "target": target], in: Perceptors.context)
    let error = noted(
      difference(value, try Perceptors.reference("perceptual/value")), "value",
      of: "perceptors perceptual")
    #expect(error <= 1e-5)
    let slopes = gradients(of: value, at: [generated, target])
    try expectSpread(slopes[0], matches: "perceptual/d.generated", tolerance: 1e-4)
    #expect(slopes[1] == nil)
  }

  @Test("A network of more layers than weights is refused")
  func refusal() {
    let settings: Setting = ["network": ["use": "perceptors/squeezenet"]]
    let error = #expect(throws: ConfigurationError.self) {
      try Perceptors.build("perceptual", settings, as: (any Loss).self)
    }
    #expect(error?.message.contains("9 layers") ?? false)
  }
}
