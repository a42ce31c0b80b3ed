import Foundation
import Host
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

  @Test("A name that is no type's name, and a folder that exists, are refused")
  func names() throws {
    let folder = try TemporaryFolder()
    let template = PluginTemplate(core: "\(root)/Sources")
    for name in ["fresh", "Fresh-Plugin", "../Fresh", ""] {
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
