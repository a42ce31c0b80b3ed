import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// The package with a component of every kind, built once.
private let library = Result { try OutsidePackage().build() }

@Suite("Whatever kind of plugin one begins with works unedited", .serialized)
struct TemplateTests {
  /// A folder in which the workbench finds the plugins of the tree and those of `plugins`.
  private func train(_ experiment: String, plugins: String) throws -> CommandResult {
    let home = try TemporaryFolder()
    return try run(
      [executable, "train", experiment], in: home.path,
      environment: [
        "HOME": home.path, "XDG_CACHE_HOME": home.path, "WORKBENCH_PLUGIN_PATH": plugins,
      ])
  }

  private func alone(_ library: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let name = URL(filePath: library).lastPathComponent
    try FileManager.default.copyItem(atPath: library, toPath: folder.file(name))
    return folder
  }

  @Test("Its experiment trains two steps", arguments: ComponentKind.allCases)
  func trains(_ kind: ComponentKind) throws {
    let folder = try alone(library.get())
    let file = "\(root)/Examples/ThirdPartyPlugin/experiments/\(kind.rawValue).json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("third-party/\(kind.rawValue)") || kind == .adapter)
    let result = try train(file, plugins: folder.path)
    #expect(result.status == 0, "\(kind.rawValue): \(result.output)")
    if kind == .adapter { #expect(result.output.contains("third-party/adapter")) }
  }

  @Test("Its components pass every check", arguments: ComponentKind.allCases)
  func validates(_ kind: ComponentKind) throws {
    var validation = try Validation(library.get(), executable: executable)
    validation.components = [kind.rawValue]
    validation.seconds = 600
    for result in try validation.run() where result.check != DescribesQuickly.name {
      if case .failed(let message) = result.answer {
        Issue.record("\(result.subject) \(result.check): \(message)")
      }
    }
  }

  @Test("A package of some kinds has these only, builds, trains, and is installed once more")
  func some() throws {
    let package = OutsidePackage()
    try package.mirrorCore()
    let folder = try TemporaryFolder()
    let made = try PluginTemplate(core: "\(root)/Sources")
      .write("TwoParts", kinds: [.loss, .dataset], in: folder.path)
    #expect(
      made.files == [
        "Package.swift", "README.md", "Sources/TwoParts/Discs.swift",
        "Sources/TwoParts/EdgeLoss.swift", "Sources/TwoParts/Plugin.swift",
        "Tests/TwoPartsTests/Context.swift", "Tests/TwoPartsTests/DiscsTests.swift",
        "Tests/TwoPartsTests/EdgeLossTests.swift", "experiment.json",
      ])
    let builder = PluginBuilder(
      core: package.core, scratch: "\(package.folder)/build",
      probe: PluginProbe(executable: executable))
    let plugins = "\(folder.path)/plugins"
    let built = try builder.build(made.folder, into: plugins)
    #expect(built.map(\.summary.id) == ["two-parts"])
    #expect(built[0].replaced == nil)
    #expect(built[0].summary.components.map(\.name).sorted() == ["dataset", "loss"])
    #expect(built[0].summary.summary == "Distance between the edges of two images.")
    let result = try train("\(made.folder)/experiment.json", plugins: plugins)
    #expect(result.status == 0, "\(result.output)")

    let again = try run(
      [executable, "plugin", "install", built[0].path, "--into", plugins],
      environment: ["HOME": folder.path, "XDG_CACHE_HOME": folder.path])
    #expect(again.status == 0, "\(again.output)")
    #expect(again.output.contains("replaced the same file"))
  }

  @Test("What can't be used is not installed, and what was there stays")
  func refused() throws {
    let folder = try TemporaryFolder()
    let installer = PluginInstaller(probe: PluginProbe(executable: executable))
    let there = try installer.install(library.get(), in: folder.path)
    #expect(there.replaced == nil)
    let before = try bytes(of: there.path)
    let broken = try TemporaryFolder().file("libThirdParty.so", "no library")
    #expect(throws: PluginError.self) { try installer.install(broken, in: folder.path) }
    #expect(try bytes(of: there.path) == before)
    #expect(folder.names == ["libThirdParty.so"])

    // A second file of the same id would make both unusable.
    let catalog = PluginCatalog(
      search: PluginSearchPath([folder.path]), probe: PluginProbe(executable: executable),
      cache: VerdictCache(folder: "\(folder.path)/cache"))
    let other = try TemporaryFolder()
    let error = try #require(throws: PluginError.self) {
      try installer.install(library.get(), in: other.path, beside: catalog)
    }
    #expect(error.fault == .duplicate)
    #expect(other.names.isEmpty)
  }

  @Test(
    "The tests that come with it pass",
    .enabled(if: ProcessInfo.processInfo.environment["WORKBENCH_TEST_DEBUG"] != nil))
  func ownTests() throws {
    let package = OutsidePackage()
    try package.mirrorCore()
    let result = try run(
      [
        "swift", "test", "--package-path", "\(root)/Examples/ThirdPartyPlugin", "--scratch-path",
        "\(package.folder)/build", "--no-parallel",
      ], environment: ["WORKBENCH_CORE": package.core])
    #expect(result.status == 0, "\(result.output)")
  }
}
