import PluginAPI
import TestSupport
import Testing

@Suite("Nearest-neighbour loss")
struct NearestNeighbourTests {
  @Test("Value and gradient as in PyTorch; the target teaches nothing", arguments: [3, 5])
  func agrees(_ side: Int) throws {
    let loss = try Perceptors.build(
      "nearest-neighbour", ["neighbourhood": .number(Double(side))], side: 16, as: (any Loss).self)
    Perceptors.fill(loss)
    let generated = Perceptors.made("generated", [2, 16, 16, 3]).variable()
    let target = Perceptors.made("target", [2, 16, 16, 3]).variable()
    let value = loss(["generated": generated, "target": target], in: Perceptors.context)
    let error = noted(
      difference(value, try Perceptors.reference("nearest/\(side)")), "value",
      of: "perceptors nearest/\(side)")
    #expect(error <= 1e-5)
    let slopes = gradients(of: value, at: [generated, target])
    try expectSpread(slopes[0], matches: "nearest/\(side)/d.generated", tolerance: 1e-4)
    #expect(slopes[1] == nil)
  }

  @Test("The loss of an image against itself is 0, and a neighbourhood has a middle")
  func limits() throws {
    let loss = try Perceptors.build("nearest-neighbour", side: 16, as: (any Loss).self)
    Perceptors.fill(loss)
    let image = Perceptors.made("image", [1, 16, 16, 3])
    let value = loss(["generated": image, "target": image], in: Perceptors.context)
    #expect(value.item() < 1e-3)
    #expect(throws: HyperparameterErrors.self) {
      try Perceptors.build("nearest-neighbour", ["neighbourhood": 4], as: (any Loss).self)
    }
  }
}
