import Foundation
import PluginAPI
import Testing

@Suite("Procedures of Essentials")
struct ProcedureTests {
  struct Procedure: Decodable {
    struct Phase: Decodable {
      let name, optimizer, losses, batch, generation: String
      let updates: [String]
    }
    let phases: [Phase]
  }

  @Test("The discriminators learn first, and the generator from the same images")
  func discriminatorFirst() throws {
    let phases = try phases("discriminator-first")
    #expect(phases.map(\.name) == ["discriminator", "generator"])
    #expect(phases.map(\.generation) == ["fresh", "reuse"])
    #expect(phases.map(\.batch) == ["new", "same"])
  }

  @Test("The generator learns first, and the discriminators from new images of the same batch")
  func generatorFirst() throws {
    let phases = try phases("generator-first")
    #expect(phases.map(\.name) == ["generator", "discriminator"])
    #expect(phases.map(\.generation) == ["fresh", "fresh"])
    #expect(phases.map(\.batch) == ["new", "same"])
  }

  private func phases(_ name: String) throws -> [Procedure.Phase] {
    let found = try Essentials.plugin.get().description.procedures.first { $0.name == name }
    let text = try #require(found).json
    return try JSONDecoder().decode(Procedure.self, from: Data(text.utf8)).phases
  }
}
