import Foundation
import Host
import TestSupport
import Testing

@Suite("Loading refuses what doesn't fit", .serialized)
struct PluginLoaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A path without a file, and a folder, are absent")
  func absent() throws {
    #expect(try refusal("\(folder.path)/libNone.so").fault == .absentFile)
    #expect(try refusal(folder.path).fault == .absentFile)
  }

  @Test("A text file named like a library is shown by its beginning")
  func text() throws {
    let error = try refusal(folder.file("libText.so", "hello\nworld\n"))
    #expect(error.fault == .wrongKind)
    #expect(error.found == "text that begins with “hello”")
  }

  @Test("An object file and an empty file are no shared libraries")
  func otherKinds() throws {
    #expect(try refusal(folder.file("libEmpty.so", "")).found == "an empty file")
    let object = try compile("part.o", in: folder, ["-c", "-Wno-unused-command-line-argument"])
    #expect(try refusal(object).found == "an object file")
  }

  @Test("A library of another processor names both")
  func machine() throws {
    let path = try compile("libArm.so", in: folder)
    let bytes = try FileHandle(forUpdating: URL(filePath: path))
    try bytes.seek(toOffset: 18)
    try bytes.write(contentsOf: Data([243, 0]))
    try bytes.close()
    let error = try refusal(path)
    #expect(error.fault == .wrongMachine)
    #expect(error.found == "RISC-V")
  }

  @Test("A symbol that nobody defines is refused at once and named")
  func missingSymbol() throws {
    let error = try refusal(
      compile("libLacking.so", in: folder, ["-DDURING_ENTRY=defined_nowhere()"]))
    #expect(error.fault == .missingSymbol)
    #expect(error.found.contains("defined_nowhere"))
  }

  @Test("A needed library that isn't there is named")
  func missingLibrary() throws {
    _ = try compile("libNeeded.so", in: folder, ["-DNAME=needed"])
    let path = try compile(
      "libNeeding.so", in: folder,
      ["-DDURING_ENTRY=extern int needed(void);needed()", "-L\(folder.path)", "-lNeeded"])
    try FileManager.default.removeItem(atPath: "\(folder.path)/libNeeded.so")
    let error = try refusal(path)
    #expect(error.fault == .missingLibrary)
    #expect(error.found == "no libNeeded.so")
  }

  @Test("A library without the entry point is no plugin")
  func noEntry() throws {
    #expect(try refusal(compile("libOther.so", in: folder, ["-DNAME=other"])).fault == .noEntry)
  }

  @Test("An entry with another magic number is none")
  func magic() throws {
    let error = try refusal(compile("libMagic.so", in: folder, ["-DMAGIC=0x1234"]))
    #expect(error.fault == .wrongMagic)
    #expect(error.found.contains("0x1234"))
  }

  @Test(
    "Another major version of the API, or a later minor one, is refused",
    arguments: [(1, 0), (-1, 0), (0, 1)])
  func api(major: Int, minor: Int) throws {
    let api = PluginLoader.api
    let options = [
      "-DAPI_MAJOR=\(Int(api.major) + major)", "-DAPI_MINOR=\(Int(api.minor) + minor)",
    ]
    let error = try refusal(compile("libAPI.so", in: folder, options))
    #expect(error.fault == .otherAPI)
    #expect(error.found == "API \(Int(api.major) + major).\(Int(api.minor) + minor)")
  }

  @Test("Another compiler is refused with both")
  func compiler() throws {
    let error = try refusal(compile("libOld.so", in: folder, compiler: "Swift version 6.0"))
    #expect(error.fault == .otherCompiler)
    #expect(error.found == "Swift version 6.0")
    #expect(error.expected == PluginLoader.compiler)
  }

  @Test("Another core's stamp is refused with both")
  func core() throws {
    let error = try refusal(compile("libStale.so", in: folder, core: "0123456789abcdef"))
    #expect(error.fault == .otherCore)
    #expect(error.found == "core 0123456789abcdef")
    #expect(error.expected == "core \(PluginLoader.core)")
  }

  @Test("A private copy of the core is recognised by the address of one of its types")
  func privateCore() throws {
    let symbol = "$s9PluginAPI19DeferredDescriptionCMn"
    let path = try compile("libPrivate.so", in: folder, ["-DPRIVATE_CORE=\"\(symbol)\""])
    let error = try refusal(path)
    #expect(error.fault == .privateCore)
    #expect(error.found == path)
    #expect(error.expected.hasSuffix("libWorkbenchCore.so"))
  }

  @Test("A plugin that uses no core at all is refused as well")
  func withoutCore() throws {
    #expect(try refusal(compile("libBare.so", in: folder)).fault == .privateCore)
  }

  @Test("A file that every user may write is refused, unless that is allowed")
  func writable() throws {
    let path = try compile("libOpen.so", in: folder)
    #expect(chmod(path, 0o666) == 0)
    let error = try refusal(path)
    #expect(error.fault == .writableByOthers)
    #expect(error.found == "mode 666")
    #expect(try refusal(path, trust: .anyone).fault == .privateCore)
    #expect(PluginFile.Trust.standard(environment: [:]) == .owner)
    let allowed = ["WORKBENCH_TRUST_WRITABLE_PLUGINS": "1"]
    #expect(PluginFile.Trust.standard(environment: allowed) == .anyone)
  }

  @Test("A file in a folder that every user may write is refused")
  func writableFolder() throws {
    let path = try compile("libOpen.so", in: folder)
    #expect(chmod(folder.path, 0o777) == 0)
    #expect(try refusal(path).subject == folder.path)
    #expect(chmod(folder.path, 0o700) == 0)
  }

  @Test("Each fault has a problem and a cure of its own, and each message its four lines")
  func wording() {
    let faults = PluginError.Fault.allCases
    #expect(Set(faults.map(\.problem)).count == faults.count)
    for fault in faults {
      let lines = "\(PluginError(fault, "/a/b.so", found: "this", expected: "that"))"
        .split(separator: "\n")
      #expect(lines[0] == "/a/b.so: \(fault.problem)")
      #expect(lines[1] == "  found     this")
      #expect(lines[2] == "  expected  that")
      #expect(lines[3] == "  cure      \(fault.cure)")
    }
  }

  @Test("The recorded hash is the file's SHA-256 at every length of the last block")
  func hash() throws {
    let path = try compile("libHash.so", in: folder)
    let bytes = try Data(contentsOf: URL(filePath: path))
    for extra in [0, 1, 7, 8, 9, 55, 56, 63] {
      let padding = Data(repeating: 7, count: 64 - bytes.count % 64 + extra)
      try (bytes + padding).write(to: URL(filePath: path))
      let reference = try run(["sha256sum", path]).output.prefix(64)
      #expect(try PluginFile(at: path).hash == String(reference))
    }
  }
}
