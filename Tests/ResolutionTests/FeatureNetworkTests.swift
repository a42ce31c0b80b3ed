import Glibc
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// One weight and one statistic.
private struct Eye: Perceptor {
  let weight = Parameter([2], initial: .constant(1))
  let statistic = Buffer([2], initial: .constant(3))

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.features("features", layers: 1)]
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    ["features.0": inputs["image"] * weight.value.mean() + statistic.value.mean()]
  }
}

/// The mean of what a perceptor sees.
private struct Glance: Metric, Module {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The perceptor.", slot: .perceptor)
    var network = ComponentReference("perceptors.eye")
  }

  let network: any Perceptor

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("target", role: .target)]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    network = try context.build(hyperparameters.network, as: (any Perceptor).self)
  }

  func measurement() -> any Measurement { Running(self) }

  private final class Running: Measurement {
    private let metric: Glance
    private(set) var figures: [Figure] = []

    init(_ metric: Glance) { self.metric = metric }

    func add(_ inputs: Values) {
      let context = CallContext(
        training: false, updatesBuffers: false, seed: 0, stream: "look", step: 0)
      let seen = metric.network(["image": inputs["target"]], in: context)["features.0"]
      figures = [Figure("look", Double(seen.mean().item()), isBetterHigher: true)]
    }
  }
}

/// Stripes that take a twentieth of a second each to read.
private struct SlowStripes: Dataset {
  private let stripes: StripedData

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {
    stripes = StripedData(hyperparameters, in: context)
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    StripedData.provides(hyperparameters, in: context)
  }

  func count(of split: Split) -> Int { stripes.count(of: split) }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample {
    usleep(50_000)
    return stripes.sample(index, of: split, using: &random)
  }
}

@Suite("What a figure was seen through, and how fast a model is", .serialized)
struct FeatureNetworkTests {
  private static let plugin = PluginDescription(
    id: "seeing", summary: "Eyes and what looks through them.",
    components: [
      .component("eye", "One weight, one statistic.", Eye.self),
      .component("look", "A mean.", Glance.self),
      .component("slow", "Stripes, slowly.", SlowStripes.self),
    ])

  private func networks(
    metric: String, eye: String = "eye", dataset: String = "tiny/stripes"
  ) throws -> Networks {
    let text = """
      {
        "dataset": { "use": "\(dataset)" },
        "perceptors": { "\(eye)": { "use": "seeing/eye" } },
        "encoders": { "style": { "use": "tiny/stripes-encoder" } },
        "generator": { "use": "tiny/stripes-generator" },
        "losses": [{ "use": "essentials/l1" }],
        "optimizers": { "g": { "use": "essentials/sgd" } },
        "procedure": { "phases": [
          { "updates": ["generator"], "optimizer": "g", "losses": "generator" },
        ] },
        "reports": { "metrics": [\(metric)] },
      }
      """
    let essentials = try StubCatalog.essentials.get().description
    let catalog = Catalog([essentials, TinyRun.plugin, Self.plugin])
    return try Networks(
      Resolution(JSONValue(parsing: text, named: "seeing.json5"), with: catalog))
  }

  private let shared = #"{ "use": "seeing/look" }"#
  private let own = #"{ "use": "seeing/look", "with": { "network": { "use": "seeing/eye" } } }"#

  private func seen(_ networks: Networks) throws -> FeatureNetwork {
    let figures = try Measuring(networks: networks).figures(count: 2)
    #expect(figures.count == 1 && figures[0].networks.count == 1)
    return try #require(figures.first?.networks.first)
  }

  @Test("The hash covers parameters and buffers, and nothing else")
  func hash() throws {
    let networks = try networks(metric: shared)
    let first = try seen(networks)
    #expect(first.path == "perceptors.eye" && first.use == "seeing/eye" && !first.isTrained)
    for (_, parameter) in networks.parameters(under: ["generator"]) {
      parameter.value = .full(9, parameter.shape)
    }
    #expect(try seen(networks).hash == first.hash)
    let buffer = try #require(networks.buffers.first { $0.path.hasPrefix("perceptors.eye") }).buffer
    buffer.value = .full(4, [2])
    let second = try seen(networks)
    #expect(second.hash != first.hash)
    let parameter = try #require(networks.parameters(under: ["perceptors.eye"]).first).parameter
    parameter.value = .full(2, [2])
    #expect(try ![first, second].map(\.hash).contains(seen(networks).hash))
  }

  @Test("A network in a metric's slot is named by the slot; equal weights have equal hashes")
  func slot() throws {
    let named = try seen(networks(metric: shared))
    let inSlot = try networks(metric: own)
    let found = try seen(inSlot)
    #expect(found.path == "metrics.0.network" && found.use == "seeing/eye" && !found.isTrained)
    #expect(found.hash == named.hash)
    let look = try #require(inSlot.components["metrics.0"] as? any Module)
    look.namedBuffers[0].buffer.value = .full(4, [2])
    #expect(try seen(inSlot).hash != named.hash)
  }

  @Test("Records of figures name network and hash")
  func record() throws {
    let networks = try networks(metric: shared)
    let json = try #require(Measuring(networks: networks).figures(count: 2).first).json
    let network = try #require(json["networks"]?.arrayValue?.first)
    #expect(network["path"]?.stringValue == "perceptors.eye")
    #expect(network["weights"]?.isNull == true && network["isTrained"]?.boolValue == false)
    #expect(try network["hash"]?.stringValue == seen(networks).hash)
  }

  @Test("Names of figures are told before the second sample, and can stop the rest")
  func named() throws {
    struct Stop: Error {}
    var names: [[String]] = []
    var said: [String] = []
    let measuring = Measuring(
      networks: try networks(metric: shared), progress: { said.append($0) },
      named: {
        names.append($0)
        throw Stop()
      })
    #expect(throws: Stop.self) { _ = try measuring.figures(count: 4) }
    #expect(names == [["look"]] && said == ["1 of 4 samples measured"])
  }

  @Test("The speed is that of the model, not of reading its samples")
  func speed() throws {
    let networks = try networks(metric: shared, dataset: "seeing/slow")
    let set = try EvaluationSet(networks, count: 4)
    // Reading alone would keep it below 20.
    #expect(try LoadedModel(networks).imagesPerSecond(on: set) > 40)
  }
}
