import Foundation
import Host
import TestSupport
import Testing

/// A file that breaks a promise, and how it is made in a folder.
struct BrokenPlugin: CustomTestStringConvertible, Sendable {
  let name: String
  let make: @Sendable (TemporaryFolder) throws -> String
  var seconds = 60.0

  var testDescription: String { name }

  /// The C fixture with options.
  static func c(_ name: String, _ options: String..., seconds: Double = 60) -> BrokenPlugin {
    BrokenPlugin(
      name: name, make: { try compile("lib\(name).so", in: $0, options) }, seconds: seconds)
  }

  static let all: [BrokenPlugin] = [
    .c("wrong-magic", "-DMAGIC=0x1234"),
    .c("api-minor", "-DAPI_MINOR=\(PluginLoader.api.minor + 1)"),
    .c("api-major", "-DAPI_MAJOR=\(PluginLoader.api.major + 1)"),
    BrokenPlugin(
      name: "compiler",
      make: { try compile("libcompiler.so", in: $0, compiler: "Swift version 5.9") }),
    BrokenPlugin(
      name: "core", make: { try compile("libcore.so", in: $0, core: "0123456789abcdef") }),
    .c("private-core", "-DPRIVATE_CORE=\"$s9PluginAPI19DeferredDescriptionCMn\""),
    .c("undefined-symbol", "-DDURING_ENTRY=defined_nowhere()"),
    BrokenPlugin(name: "text", make: { try $0.file("libtext.so", "hello\n") }),
    BrokenPlugin(
      name: "other-machine",
      make: { folder in
        let path = try compile("libother-machine.so", in: folder)
        let bytes = try FileHandle(forUpdating: URL(filePath: path))
        try bytes.seek(toOffset: 18)
        try bytes.write(contentsOf: Data([183, 0]))
        try bytes.close()
        return path
      }),
    BrokenPlugin(
      name: "absent-dependency",
      make: { folder in
        _ = try compile("libNeeded.so", in: folder, ["-DNAME=needed"])
        let path = try compile(
          "libabsent-dependency.so", in: folder,
          ["-DDURING_ENTRY=extern int needed(void);needed()", "-L\(folder.path)", "-lNeeded"])
        try FileManager.default.removeItem(atPath: "\(folder.path)/libNeeded.so")
        return path
      }),
    BrokenPlugin(name: "absent", make: { "\($0.path)/libabsent.so" }),
    BrokenPlugin(
      name: "world-writable",
      make: { folder in
        let path = try compile("libworld-writable.so", in: folder)
        chmod(path, 0o666)
        return path
      }),
    .c("no-entry", "-DNAME=other"),
    .c("abort", "-DDURING_LOAD=abort()"),
    .c("segfault", "-DDURING_ENTRY=raise(SIGSEGV)"),
    .c("loop", "-DDURING_ENTRY=for (;;) { }", seconds: 1.5),
    .c("loop-in-constructor", "-DDURING_LOAD=for (;;) { }", seconds: 1.5),
    .c("exit", "-DDURING_ENTRY=exit(0)"),
    .c("overflow-in-constructor", "-DDURING_LOAD=overflow(1)"),
    .c("overflow-in-entry", "-DDURING_ENTRY=overflow(1)"),
    .c("stdout", "-DDURING_ENTRY=puts(\"{ noise\")", "-DMAGIC=1"),
  ]
}

@Suite("What a person reads of a plugin that can't be used", .serialized)
struct BrokenPluginTests {
  @Test("Each message is the one that is kept", arguments: BrokenPlugin.all)
  func message(_ plugin: BrokenPlugin) throws {
    let folder = try TemporaryFolder()
    let path = try plugin.make(folder)
    let error: PluginError
    do {
      _ = try PluginFile(at: path)
      let probe = PluginProbe(executable: executable, seconds: plugin.seconds)
      guard case .refused(let refused) = probe.describe(path) else {
        Issue.record("\(plugin.name) was described")
        return
      }
      error = refused
    } catch {
      return try check(plugin, error, folder)
    }
    try check(plugin, error, folder)
  }

  private func check(
    _ plugin: BrokenPlugin, _ error: PluginError, _ folder: TemporaryFolder
  ) throws {
    let text = "\(error)".replacing(folder.path, with: "FOLDER")
      .replacing(products, with: "PRODUCTS").replacing(PluginLoader.core, with: "CORE")
      .replacing(PluginLoader.compiler, with: "COMPILER")
      .replacing(#/PRODUCTS\/.*libWorkbenchCore/#, with: "PRODUCTS/libWorkbenchCore")
    try expectSnapshot("refused-\(plugin.name)", text + "\n")
  }

  @Test("With all of these on the search path the good plugins are listed, and train")
  func othersGoOn() throws {
    let (folder, home) = (try TemporaryFolder(), try TemporaryFolder())
    // A hang costs its time limit, which is generous where nobody says otherwise.
    for plugin in BrokenPlugin.all where !plugin.name.hasPrefix("loop") {
      _ = try plugin.make(folder)
    }
    let environment = [
      "HOME": home.path, "XDG_CACHE_HOME": home.path, "WORKBENCH_PLUGIN_PATH": folder.path,
    ]
    let list = try run([executable, "list"], environment: environment)
    #expect(list.status == 1)
    #expect(list.output.contains("essentials/adam"))
    for name in ["abort", "core", "text", "overflow-in-constructor", "private-core"] {
      #expect(list.output.contains("\(folder.path)/lib\(name).so: "), "\(name)")
    }
    try home.file("small.json", experiment)
    let train = try run(
      [executable, "train", "small.json"], in: home.path, environment: environment)
    #expect(train.status == 0, "\(train.output)")
    #expect(
      FileManager.default.fileExists(atPath: "\(home.path)/runs/small-1/statistics.jsonl"))
  }

  private let experiment = """
    {
      "name": "small",
      "dataset": { "use": "aviary/birds", "with": { "side": 32 } },
      "generator": { "use": "semantic-cgan/unet", "with": { "width": 2 } },
      "discriminators": [
        { "use": "semantic-cgan/patchgan", "with": { "width": 2, "layers": 2 } },
      ],
      "losses": [{ "use": "essentials/hinge" }],
      "optimizers": {
        "generator": { "use": "essentials/adam" },
        "discriminators": { "use": "essentials/adam" },
      },
      "procedure": "essentials/discriminator-first",
      "training": { "batchSize": 2, "for": { "steps": 2 } },
      "reports": { "samples": 2 },
    }
    """
}
