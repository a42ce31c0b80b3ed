import Testing

@testable import Host

@Suite("The papers' experiments resolve") struct PaperExperimentTests {
  @Test("Each one resolves", arguments: PaperExperiment.names)
  func resolves(name: String) throws {
    let faults = try PaperExperiment.faults(name, setting: [])
    #expect(faults == [])
  }
}
