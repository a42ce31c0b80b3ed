import Foundation
import Host
import PluginAPI
import TestSupport
import Testing

@Suite("A new plugin is made from the example, built and put in its place", .serialized)
struct PluginTemplateTests {
  @Test("A plugin made by the template builds unedited, is described and installed")
  func newPlugin() throws {
    let package = OutsidePackage(configuration: "release")
    try package.mirrorCore()
    let folder = try TemporaryFolder()
    let made = try PluginTemplate(core: "\(root)/Sources").write("FreshPlugin", in: folder.path)
    #expect(made.files.contains("Sources/FreshPlugin/Plugin.swift"))

    let builder = PluginBuilder(
      core: package.core, scratch: "\(package.folder)/build",
      probe: PluginProbe(executable: executable))
    let built = try builder.build(made.folder, into: "\(folder.path)/plugins")
    #expect(built.map(\.path) == ["\(folder.path)/plugins/libFreshPlugin.so"])
    #expect(built.map(\.summary.id) == ["fresh-plugin"])
    #expect(try PluginLoader().load(built[0].path).description.id == "fresh-plugin")
  }

  @Test("A plugin of any one or two kinds offers just these, each with its sentence")
  func kinds() throws {
    let template = PluginTemplate(core: "\(root)/Sources")
    let entry = #/\.component\(\s*"([a-z-]+)",\s*"([^"]+)",\s*(\w+)\.self\)/#
    let folder = try TemporaryFolder()
    func entries(_ kinds: [ComponentKind]) throws -> [String] {
      let name = "Kinds" + kinds.map(\.rawValue.capitalized).joined().filter { $0 != "-" }
      let made = try template.write(name, kinds: kinds, in: folder.path)
      let text = try String(
        contentsOfFile: "\(made.folder)/Sources/\(name)/Plugin.swift", encoding: .utf8)
      let found = text.matches(of: entry).map { "\($0.1) \($0.2) \($0.3)" }
      #expect(found.count == text.split(separator: ".component").count - 1, "\(name)")
      for match in text.matches(of: entry) {
        #expect(made.files.contains("Sources/\(name)/\(match.3).swift"), "\(name)")
      }
      return found
    }
    let all = try entries(ComponentKind.allCases)
    #expect(all.count == ComponentKind.allCases.count)
    for first in ComponentKind.allCases {
      for second in ComponentKind.allCases {
        // A latent brings the generator that reads it.
        let wanted = Set(
          [first, second] + (first == .latent || second == .latent ? [.generator] : []))
        let expected = all.filter { entry in
          wanted.contains { entry.hasPrefix("\($0.rawValue) ") }
        }
        #expect(try entries(first == second ? [first] : [first, second]) == expected)
      }
    }
  }

  @Test("A name that is no type's name, and a folder that exists, are refused")
  func names() throws {
    let folder = try TemporaryFolder()
    let template = PluginTemplate(core: "\(root)/Sources")
    for name in ["fresh", "Fresh-Plugin", "../Fresh", "", "PluginAPI"] {
      #expect(throws: PluginBuildError.self) { try template.write(name, in: folder.path) }
    }
    _ = try template.write("Fresh", in: folder.path)
    #expect(throws: PluginBuildError.self) { try template.write("Fresh", in: folder.path) }
  }

  @Test("A folder without a package, and a package that doesn't compile, are refused")
  func failures() throws {
    let folder = try TemporaryFolder()
    let builder = PluginBuilder(core: "\(root)/Sources", scratch: "\(folder.path)/build")
    #expect(throws: PluginBuildError.noPackage(folder: folder.path)) {
      try builder.build(folder.path, into: folder.path)
    }
    _ = try folder.file("Package.swift", "no Swift")
    #expect(throws: PluginBuildError.self) { try builder.build(folder.path, into: folder.path) }
  }

  @Test("The core is found upwards from the executable, or where the variable says")
  func location() throws {
    let found = try CoreLocation.sources(environment: [:], executable: "\(root)/.build/x/workbench")
    #expect(found == "\(root)/Sources")
    let named = try CoreLocation.sources(
      environment: ["WORKBENCH_CORE": "\(root)/Sources"], executable: "/nowhere/workbench")
    #expect(named == "\(root)/Sources")
    #expect(throws: PluginBuildError.noCore(tried: ["/nowhere"])) {
      try CoreLocation.sources(environment: ["WORKBENCH_CORE": "/nowhere"], executable: "/x/y")
    }
  }
}
