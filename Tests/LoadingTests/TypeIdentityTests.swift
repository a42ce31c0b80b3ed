import Foundation
import Host
import PluginAPI
import Testing

@Suite("Host, plugins of the tree and plugins from outside share one core", .serialized)
struct TypeIdentityTests {
  /// Debug as well where the environment asks for it: the core is compiled once more for it.
  static var configurations: [String] {
    let debugToo = ProcessInfo.processInfo.environment["WORKBENCH_TEST_DEBUG"] != nil
    return debugToo ? ["release", "debug"] : ["release"]
  }

  private var noPorts: BuildContext {
    BuildContext(
      ports: PortContext(bound: [:], image: nil) { _, _, _ in [] }, provided: [:],
      parts: { throw ConfigurationError("no part \($0.use)") })
  }

  @Test("The components of two plugins of the tree are of the host's own kinds")
  func inTree() throws {
    let loader = PluginLoader()
    let registry = try Registry(
      ["Essentials", "Aviary"].map { try loader.load("\(products)/lib\($0).so") })
    #expect(registry.plugins.keys.sorted() == ["aviary", "essentials"])
    for (id, component) in Catalog(registry.plugins.values.map(\.description)).components {
      #expect(ComponentKind(component.type) == component.kind, "\(id)")
    }
  }

  @Test(
    "A plugin from a package of its own is accepted, and refused after an edit of a comment",
    arguments: configurations)
  func outside(configuration: String) throws {
    let package = OutsidePackage(configuration: configuration)
    let folder = try TemporaryFolder()
    let stale = "\(folder.path)/libStale.so"
    try FileManager.default.copyItem(
      atPath: package.build(comment: "an edit that changes no code"), toPath: stale)
    let error = try refusal(stale)
    #expect(error.fault == .otherCore)
    #expect(error.expected == "core \(PluginLoader.core)")

    let fresh = "\(folder.path)/libFresh.so"
    try FileManager.default.copyItem(atPath: package.build(), toPath: fresh)
    try checkTypes(PluginLoader().load(fresh))
  }

  /// Components of the plugin, cast, built and called by the host with the host's own tensors.
  private func checkTypes(_ plugin: LoadedPlugin) throws {
    #expect(plugin.description.id == "outside")
    let components = Catalog([plugin.description]).components
    let halving = try #require(components["outside/halving"])
    #expect(halving.type is any Schedule.Type)
    #expect(halving.hyperparameters.map(\.name) == ["every"])

    let settings = Setting.object(["every": .number(10)])
    let schedule = try #require(halving.build(settings, in: noPorts) as? any Schedule)
    #expect(schedule.factor(at: TrainingProgress(step: 5, images: 20, epoch: 0)) == 0.25)
    #expect(throws: HyperparameterErrors.self) {
      try halving.build(.object(["every": .number(0)]), in: noPorts)
    }

    let product = try #require(components["outside/inner-product"])
    let loss = try #require(product.build(.object([:]), in: noPorts) as? any LogitLoss)
    let fake = Tensor([4, 5, 6], [1, 3])
    #expect(loss.discriminatorLoss(real: Tensor([1, 2, 3], [1, 3]), fake: fake).item() == 32)
  }
}
