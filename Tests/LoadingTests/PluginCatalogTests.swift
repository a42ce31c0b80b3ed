import Foundation
import Host
import TestSupport
import Testing

@Suite("The catalog lists what can be used and says what can't", .serialized)
struct PluginCatalogTests {
  let folder: TemporaryFolder
  let cache: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    cache = try TemporaryFolder()
  }

  private func catalog(_ folders: [String], core: String = "this core") -> PluginCatalog {
    PluginCatalog(
      search: PluginSearchPath(folders),
      probe: PluginProbe(executable: executable, seconds: 30),
      cache: VerdictCache(folder: cache.path, core: core))
  }

  private func copy(_ library: String, as name: String) throws -> String {
    let path = "\(folder.path)/\(name)"
    try FileManager.default.copyItem(atPath: "\(products)/\(library)", toPath: path)
    return path
  }

  @Test("Broken files are reported, libraries that are no plugins passed by, the rest goes on")
  func othersGoOn() throws {
    let crash = try compile("libCrash.so", in: folder, ["-DDURING_LOAD=abort()"])
    let stale = try compile("libStale.so", in: folder, core: "0123456789abcdef")
    let text = try folder.file("libText.so", "hello")
    _ = try compile("libOther.so", in: folder, ["-DNAME=other"])
    _ = try folder.file("notes.txt", "hello")
    let good = try copy("libEssentials.so", as: "libGood.so")

    let catalog = catalog([folder.path])
    let faults = Dictionary(
      uniqueKeysWithValues: catalog.listings.map { ($0.path, $0.refusal?.fault) })
    #expect(faults == [crash: .died, stale: .otherCore, text: .wrongKind, good: nil])
    #expect(catalog.paths == ["essentials": [good]])
    #expect(try catalog.loadAll().plugins.keys.sorted() == ["essentials"])
  }

  @Test("Two files with one id are refused with both paths, whichever comes first")
  func duplicates() throws {
    let first = try copy("libEssentials.so", as: "libA.so")
    let second = try copy("libEssentials.so", as: "libB.so")
    let errors = try #require(throws: PluginErrors.self) {
      try catalog([folder.path]).load(["essentials"])
    }
    #expect(errors.errors.map(\.fault) == [.duplicate])
    #expect(errors.errors[0].found == "\(first) and \(second)")
    let both = catalog([folder.path])
    #expect(both.faults == errors.errors)
    #expect(try both.loadAll().plugins.isEmpty)

    let loader = PluginLoader()
    for paths in [[first, second], [second, first]] {
      let error = try #require(throws: PluginError.self) {
        try Registry(paths.map { try loader.load($0) })
      }
      #expect(error == errors.errors[0])
    }
  }

  @Test("Every id that is unknown or refused is reported, not only the first")
  func unknown() throws {
    let errors = try #require(throws: PluginErrors.self) {
      try catalog([products]).load(["essentials", "nowhere", "elsewhere"])
    }
    #expect(errors.errors.map(\.subject) == ["elsewhere", "nowhere"])
    #expect(errors.errors.allSatisfy { $0.fault == .unknown })
    #expect(errors.errors[1].found.contains("essentials"))
  }

  @Test("A pinned hash is compared with the file's")
  func pinned() throws {
    let hash = try PluginFile(at: "\(products)/libEssentials.so").hash
    let catalog = catalog([products])
    let registry = try catalog.load(
      ["essentials"], hashes: ["essentials": String(hash.prefix(12))])
    #expect(registry.plugins["essentials"]?.file.hash == hash)
    let errors = try #require(throws: PluginErrors.self) {
      try catalog.load(["essentials"], hashes: ["essentials": "0000"])
    }
    #expect(errors.errors.map(\.fault) == [.wrongHash])
  }

  @Test("A plugin that died is left alone until its file or the core changes")
  func quarantine() throws {
    let trace = "\(folder.path)/tries"
    let options = ["-DDURING_LOAD=fputs(\"x\",fopen(\"\(trace)\",\"a\"));fflush(0);abort()"]
    let path = try compile("libCrash.so", in: folder, options)
    let tries = { (try? String(contentsOfFile: trace, encoding: .utf8))?.count ?? 0 }

    #expect(catalog([folder.path]).listings.map(\.refusal?.fault) == [.died])
    #expect(catalog([folder.path]).listings.map(\.refusal?.fault) == [.died])
    #expect(tries() == 1)
    #expect(catalog([folder.path], core: "another core").listings.count == 1)
    #expect(tries() == 2)
    try FileManager.default.removeItem(atPath: path)
    _ = try copy("libEssentials.so", as: "libCrash.so")
    #expect(catalog([folder.path]).listings.map(\.summary?.id) == ["essentials"])
  }

  @Test("All plugins load, and those that are required must")
  func loadAll() throws {
    let catalog = catalog([products])
    #expect(try Set(["aviary", "essentials"]).isSubset(of: catalog.loadAll().plugins.keys))
    #expect(throws: PluginErrors.self) { try catalog.loadAll(requiring: ["nowhere"]) }
  }

  @Test("A file that becomes writable by everyone is refused though its verdict is known")
  func becomesWritable() throws {
    let path = try copy("libEssentials.so", as: "libOpen.so")
    #expect(catalog([folder.path]).listings.map(\.refusal?.fault) == [nil])
    #expect(chmod(path, 0o777) == 0)
    #expect(catalog([folder.path]).listings.map(\.refusal?.fault) == [.writableByOthers])
  }

  @Test("A file that is replaced after it was loaded is refused: the old code would run")
  func replaced() throws {
    let path = try copy("libEssentials.so", as: "libChanging.so")
    let loader = PluginLoader()
    #expect(try loader.load(path).file == loader.load(path).file)
    try FileManager.default.removeItem(atPath: path)
    _ = try copy("libAviary.so", as: "libChanging.so")
    let error = try #require(throws: PluginError.self) { try loader.load(path) }
    #expect(error.fault == .replaced)
  }

  @Test("The search path never holds the current folder unless it is named")
  func searchPath() {
    let search = PluginSearchPath.standard(
      executable: "/opt/bin/workbench",
      environment: ["WORKBENCH_PLUGIN_PATH": ":/a::/b:/a:", "HOME": "/home/ada"])
    #expect(
      search.folders == ["/opt/bin", "/a", "/b", "/home/ada/.local/share/workbench/plugins"])
    #expect(
      PluginSearchPath.standard(executable: "/x/workbench", environment: [:]).folders == ["/x"])
  }
}

extension PluginCatalog.Listing {
  fileprivate var refusal: PluginError? {
    if case .refused(let error) = verdict { error } else { nil }
  }
}
