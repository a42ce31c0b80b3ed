import Foundation
import Host
import TestSupport
import Testing

@Suite("What a plugin does while it is described stays in a process of its own", .serialized)
struct PluginProbeTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func verdict(_ options: [String], seconds: Double = 30) throws -> PluginError {
    let path = try compile("libFixture.so", in: folder, options)
    let verdict = PluginProbe(executable: executable, seconds: seconds).describe(path)
    guard case .refused(let error) = verdict else {
      Issue.record("\(options) was described: \(verdict)")
      throw CancellationError()
    }
    #expect(error.subject == path)
    return error
  }

  @Test(
    "Abort, crash, trap and exit are told apart, while loading and in the entry point",
    arguments: ["-DDURING_LOAD", "-DDURING_ENTRY"],
    [
      ("abort()", "signal 6"), ("raise(SIGSEGV)", "signal 11"), ("__builtin_trap()", "signal 4"),
      ("exit(0)", "exit(0)"), ("_exit(3)", "exit(3)"),
    ])
  func death(when: String, how: (statement: String, expected: String)) throws {
    let error = try verdict(["\(when)=\(how.statement)"])
    #expect(error.fault == .died)
    #expect(error.found.contains(how.expected))
  }

  @Test("A plugin that hangs is killed at the time limit")
  func hang() throws {
    let error = try verdict(["-DDURING_ENTRY=for (;;) pause()"], seconds: 1.5)
    #expect(error.fault == .died)
    #expect(error.found.contains("had not answered after 1.5 seconds"))
  }

  @Test("The last words of a plugin that dies are kept")
  func lastWords() throws {
    let error = try verdict(["-DDURING_ENTRY=fputs(\"out of cheese\\n\",stderr);abort()"])
    #expect(error.found.contains("out of cheese"))
  }

  @Test("What a plugin prints doesn't hide the verdict")
  func noise() throws {
    let error = try verdict(["-DDURING_ENTRY=puts(\"{ noise\")", "-DMAGIC=1"])
    #expect(error.fault == .wrongMagic)
  }

  @Test("A plugin of the tree is described")
  func described() throws {
    let verdict = PluginProbe(executable: executable).describe("\(products)/libEssentials.so")
    guard case .described(let summary) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(summary.id == "essentials")
  }
}
