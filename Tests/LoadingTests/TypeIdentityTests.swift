import Foundation
import Host
import PluginAPI
import TestSupport
import Testing

@Suite("Host, plugins of the tree and plugins from outside share one core", .serialized)
struct TypeIdentityTests {
  /// Debug as well where the environment asks for it: the core is compiled once more for it.
  static var configurations: [String] {
    let debugToo = ProcessInfo.processInfo.environment["WORKBENCH_TEST_DEBUG"] != nil
    return debugToo ? ["release", "debug"] : ["release"]
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

  /// A network of the plugin, cast, built and called by the host with the host's own tensors.
  private func checkTypes(_ plugin: LoadedPlugin) throws {
    #expect(plugin.description.id == "third-party")
    let component = try #require(
      Catalog([plugin.description]).components["third-party/generator"])
    #expect(component.type is any Generator.Type)
    #expect(component.hyperparameters.map(\.name) == ["latentSize", "width"])

    let settings = Setting.object(["latentSize": .number(5), "width": .number(2)])
    let generator = try #require(component.build(settings, in: context) as? any Generator)
    generator.initialize(seed: 1, prefix: "generator")
    #expect(generator.namedParameters.map(\.path).contains("blocks.1.norm.weight"))
    let call = CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "test", step: 0)
    let image = generator(["z": call.normal("z", [3, 5])], in: call)["image"]
    #expect(image.shape == [3, 16, 16, 3])
    #expect(image.scalars().allSatisfy { (-1...1).contains($0) })

    let wrong = Setting.object(["width": .number(0)])
    #expect(throws: HyperparameterErrors.self) { try component.build(wrong, in: context) }
  }

  /// A data set of 16×16 images, and nothing else.
  private var context: BuildContext {
    let image = Port.image("image", side: 16, channels: 3)
    return BuildContext(
      ports: PortContext(bound: [:], image: image) { _, _, _ in [] }, provided: [:],
      parts: { throw ConfigurationError("no part \($0.use)") })
  }
}
