import PluginAPI
import Testing

@testable import ThirdParty

@Suite("DrawRow")
struct DrawRowTests {
  /// Plain images of 4×4 pixels, as bright as z.
  private final class PlainModel: TrainedModel {
    let name = "plain"
    let image = Port.image("image", side: 4)
    let conditions: [Port] = []
    let latents = [Port.latent("z", size: 1)]
    let encodedFields: [Port] = []

    func drawn(_ count: Int, for fields: Values, seed: UInt64) -> Values {
      ["z": Tensor((0..<count).map { Float($0) / 10 }, [count, 1])]
    }

    func encoded(_ fields: Values) -> Values { [:] }

    func generated(from fields: Values, _ latents: Values, seed: UInt64) -> Tensor {
      let z = latents["z"]
      return z.reshaped([-1, 1, 1, 1]).broadcast(to: [z.shape[0], 4, 4, 3])
    }

    func classLatent() throws -> ClassLatent { throw ConfigurationError("there are no classes") }
  }

  @Test("The images stand in a row, each with a draw of its own")
  func row() throws {
    let made = try DrawRow(.init(), in: context())(PlainModel())
    guard case .still(let picture) = made else {
      Issue.record("found a film, expected one image")
      return
    }
    let shades = Set((0..<picture.width).map { picture[picture.height / 2, $0, 0] })
    #expect(shades.isSuperset(of: [128, 140, 153, 166]))
  }
}
