import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("Perceptors: what teaches them, where they begin")
struct PerceptorTests {
  /// A perceptor whose weight is drawn.
  struct Eye: Perceptor {
    let weight = Parameter([4], initial: .normal(std: 1))

    init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

    static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
      [.image("image", role: .target)]
    }

    static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
      [.features("features", layers: 1)]
    }

    func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
      ["features": inputs["image"] * weight.value.mean()]
    }
  }

  private static let eyes = PluginDescription(
    id: "eyes", summary: "Eyes.", components: [.component("eye", "One weight.", Eye.self)])

  private func resolved(
    eye: String = #"{ "use": "eyes/eye" }"#, losses: String = "[]", updates: String = "generator"
  ) throws -> Resolution {
    let text = """
      {
        "dataset": { "use": "tiny/data" },
        "latent": { "use": "essentials/normal", "with": { "size": 1 } },
        "perceptors": { "eye": \(eye) },
        "generator": { "use": "tiny/generator" },
        "losses": \(losses),
        "optimizers": { "g": { "use": "essentials/sgd" } },
        "procedure": { "phases": [
          { "updates": ["generator"], "optimizer": "g", "losses": "generator" },
        ] },
        "stages": [{
          "losses": [{ "use": "tiny/perceptual", "with": { "isPlain": true } }],
          "optimizers": { "g": { "use": "essentials/sgd" } },
          "procedure": { "phases": [
            { "updates": ["\(updates)"], "optimizer": "g", "losses": "generator" },
          ] },
        }],
      }
      """
    let essentials = try StubCatalog.essentials.get().description
    let catalog = Catalog([essentials, TinyRun.plugin, Self.eyes])
    let root = try JSONValue(parsing: text, named: "eyes.json5")
    let reader = ExperimentReader(procedures: try catalog.parsedProcedures())
    return try Resolution(try reader.read(root), with: catalog, root: root)
  }

  @Test("Those that nothing teaches anything are named, in slots too; others are not")
  func untrained() throws {
    func lines(_ resolution: Resolution) -> [String] {
      ResolutionTable(resolution).text.split(separator: "\n")
        .filter { $0.contains("untrained") }.map { String($0.drop { $0 == " " }) }
    }
    let end =
      #"untrained: no "weights" are given and no phase updates it, so its features are random"#
    #expect(lines(try resolved()) == ["it is \(end)"])
    #expect(lines(try resolved(updates: "perceptors.eye")).isEmpty)
    #expect(lines(try resolved(updates: "perceptors.eye.weight")).isEmpty)
    #expect(lines(try resolved(eye: #"{ "use": "eyes/eye", "weights": "eye" }"#)).isEmpty)
    let slot = #"[{ "use": "tiny/perceptual", "with": { "network": { "use": "eyes/eye" } } }]"#
    let found = lines(try resolved(losses: slot, updates: "perceptors"))
    #expect(found == ["eyes/eye in losses.0.network is \(end)"])
  }

  @Test("A loss that looks through a perceptor leaves its first weights as they are")
  func firstWeights() throws {
    let alone = try Networks(resolved())
    let shared = try Networks(resolved(losses: #"[{ "use": "tiny/perceptual" }]"#))
    let weights = [alone, shared].map { networks in
      networks.parameters.filter { $0.path == "perceptors.eye.weight" }
        .map { $0.parameter.value.scalars() }
    }
    #expect(weights[0] == weights[1] && weights[0].count == 1)
  }

  @Test("A perceptor reads its own of a larger network's weights, and misses none")
  func largerFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("larger.safetensors")
    let own = Tensor([1, 2, 3, 4], [4])
    func load() throws -> [Float]? {
      let networks = try Networks(
        resolved(eye: #"{ "use": "eyes/eye", "weights": "\#(path)" }"#))
      try WeightsLoading.load(into: networks)
      return networks.parameters(under: ["perceptors.eye"]).first?.parameter.value.scalars()
    }
    try SafetensorsWriter.write(
      ["weight": own, "classifier.weight": .zeros([3, 4])], metadata: [:], to: path)
    #expect(try load() == [1, 2, 3, 4])
    try SafetensorsWriter.write(["classifier.weight": .zeros([3, 4])], metadata: [:], to: path)
    #expect(throws: (any Error).self) { _ = try load() }
  }
}
