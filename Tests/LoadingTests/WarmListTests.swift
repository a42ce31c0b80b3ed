import Foundation
import Host
import TestSupport
import Testing

/// Two hundred plugin files, each of which leaves a trace when its code runs, and a probe that
/// describes them without running them.
private struct Crowd {
  let folder: TemporaryFolder
  let probe: String
  /// A letter for each description.
  let described: String
  /// A letter for each time that a plugin's code ran.
  let ran: String

  init(count: Int) throws {
    folder = try TemporaryFolder()
    described = folder.file("described")
    ran = folder.file("ran")
    try FileManager.default.createDirectory(
      atPath: folder.file("plugins"), withIntermediateDirectories: true)
    let first = try compile(
      "first.so", in: folder, ["-DDURING_LOAD=fputs(\"x\",fopen(\"\(ran)\",\"a\"));fflush(0)"])
    for number in 0..<count {
      try FileManager.default.copyItem(
        atPath: first, toPath: "\(folder.path)/plugins/libCrowd\(number).so")
    }
    probe = try folder.file(
      "probe",
      """
      #!/bin/sh
      printf x >> \(described)
      id=$(basename "$2" .so | tr A-Z a-z)
      printf '\\n{"described":{"_0":{"id":"%s","version":"1.0.0","summary":"One of many.",' "$id"
      printf '"components":[{"name":"loss","kind":"loss","summary":"A loss."}],"procedures":[],"tables":[]}}}\\n'
      """)
    chmod(probe, 0o755)
  }

  func catalog() -> PluginCatalog {
    PluginCatalog(
      search: PluginSearchPath([folder.file("plugins")]), probe: PluginProbe(executable: probe),
      cache: VerdictCache(folder: folder.file("cache/workbench")))
  }

  static func letters(_ path: String) -> Int {
    (try? String(contentsOfFile: path, encoding: .utf8))?.count ?? 0
  }
}

@Suite("What is remembered of plugins is listed without running them", .serialized)
struct WarmListTests {
  @Test("Two hundred plugins: tried once, then not at all; a changed one is tried again")
  func crowd() throws {
    let crowd = try Crowd(count: 200)
    let cold = crowd.catalog()
    #expect(cold.listings.count == 200 && cold.faults.isEmpty)
    #expect(Crowd.letters(crowd.described) == 200)
    #expect(cold.listings.filter(\.isRemembered).isEmpty)

    let warm = crowd.catalog()
    #expect(warm.listings.compactMap(\.summary) == cold.listings.compactMap(\.summary))
    #expect(warm.listings.filter(\.isRemembered).count == 200)
    #expect(Crowd.letters(crowd.described) == 200)

    // The program itself, with the same memory.
    let environment = [
      "XDG_CACHE_HOME": crowd.folder.file("cache"), "HOME": crowd.folder.path,
      "WORKBENCH_PLUGIN_PATH": crowd.folder.file("plugins"),
      "WORKBENCH_TRUST_WRITABLE_PLUGINS": "1",
    ]
    let command = { (arguments: String...) in
      // Complaints about other files beside the program do not belong to the answer.
      try run(
        ["sh", "-c", "exec \"$0\" \"$@\" 2>/dev/null", executable] + arguments,
        environment: environment)
    }
    let list = try command("list", "loss")
    #expect(list.output.matches(of: /libcrowd\d+\/loss/).count == 200)
    let json = try JSONValue(parsing: command("list", "loss", "--json").output)
    let ids = json["plugins"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
    #expect(ids.filter { $0.hasPrefix("libcrowd") }.count == 200)
    let why = try command("why", "libcrowd7/loss")
    #expect(why.status == 0)
    #expect(Crowd.letters(crowd.ran) == 0, "code of a plugin ran")

    let handle = try FileHandle(
      forWritingTo: URL(filePath: crowd.folder.file("plugins/libCrowd7.so")))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data([0]))
    try handle.close()
    #expect(crowd.catalog().listings.filter { !$0.isRemembered }.count == 1)
    #expect(Crowd.letters(crowd.described) == 201)
  }
}
