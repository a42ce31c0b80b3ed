import Foundation
import TestSupport
import Testing

@testable import Host

@Suite("Why a plugin can be used or not", .serialized)
struct WhyTests {
  let workbench: Workbench

  /// Beside the shipped plugins: one that aborts, one that is text, and two with one id.
  init() throws {
    workbench = try Workbench()
    let folder = workbench.folder
    for name in ["plugins", "more"] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
    }
    let result = try run(
      [
        "clang", "-shared", "-fPIC", "-o", folder.file("plugins/libMyCrash.so"), "-I",
        "\(root)/Sources/CPluginEntry/include", "-DCORE=\"\"", "-DCOMPILER=\"\"",
        "-DDURING_LOAD=abort()", "\(root)/Tests/Fixtures/loading/plugin.c",
      ])
    try #require(result.status == 0, "\(result.output)")
    try folder.file("plugins/libText.so", "hello")
    try FileManager.default.copyItem(
      atPath: "\(products)/libFacades.so", toPath: folder.file("more/libAgain.so"))
  }

  private func why(_ arguments: String...) throws -> CommandResult {
    let folder = workbench.folder
    let environment = workbench.environment.merging([
      "WORKBENCH_PLUGIN_PATH": [folder.file("plugins"), folder.file("more"), "/nowhere"]
        .joined(separator: ":"), "XDG_CACHE_HOME": folder.file("cache"),
    ]) { $1 }
    let result = try run(
      [executable, "why"] + arguments, in: workbench.path, environment: environment)
    let text = workbench.plain(result.output)
      .replacing(#/PRODUCTS +\d+ usable/#, with: "PRODUCTS  … usable")
      .replacing(#/\d+ components and/#, with: "… components and")
      .replacing(#/ +(no such folder|\d+ usable)/#) { "  \($0.output.1)" }
    return CommandResult(status: result.status, output: text)
  }

  @Test(
    "In words", arguments: ["essentials/adam", "my-crash", "text", "essentials/adm"])
  func words(_ id: String) throws {
    _ = try why("facades")
    let result = try why(id)
    #expect(result.status == (id == "essentials/adam" ? 0 : 1))
    try expectSnapshot("why-\(id.replacing("/", with: "-"))", result.output)
  }

  @Test("A file is asked for by its path, and tried now or before")
  func file() throws {
    let first = try why("plugins/libMyCrash.so")
    #expect(first.output.contains("tried     now; remembered until"))
    let second = try why("plugins/libMyCrash.so")
    #expect(second.output.contains("tried     by an earlier command"))
    #expect(second.output.contains("in quarantine"))
    // Another file under the name lifts the quarantine.
    let path = workbench.folder.file("plugins/libMyCrash.so")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: "\(products)/libAviary.so", toPath: path)
    #expect(try !why("plugins/libMyCrash.so").output.contains("quarantine"))
  }

  @Test("As JSON")
  func json() throws {
    for (id, state) in [
      ("essentials", "used"), ("facades/cmp", "duplicate"), ("my-crash", "refused"),
      ("nothing", "unknown"),
    ] {
      let result = try why(id, "--json")
      #expect(result.status == (state == "used" ? 0 : 1))
      let tree = try JSONValue(parsing: result.output, dialect: .json)
      #expect(tree["state"]?.stringValue == state, "\(id)")
      #expect(tree["searched"]?.arrayValue?.count == 5)
      #expect((tree["files"]?.arrayValue?.isEmpty ?? true) == (state == "unknown"))
      let fault = tree["files"]?[0]?["fault"]?.stringValue
      #expect(fault == (state == "refused" ? "died" : nil))
    }
  }
}
