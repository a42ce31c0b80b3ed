import Foundation
import TestSupport
import Testing

@testable import Host

/// The built executable, with caches, runs and data in a folder of its own.
final class Workbench {
  /// Everything it writes.
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.path }

  /// What the executable sees of the machine: no plugins but those beside it.
  var environment: [String: String] {
    [
      // What is remembered of plugins is shared by all tests, so that they are described once.
      "XDG_CACHE_HOME": "\(products)/command-tests-cache", "HOME": folder.path,
      "WORKBENCH_PLUGIN_PATH": "", "COLUMNS": "100", "WORKBENCH_TRUST_WRITABLE_PLUGINS": "1",
    ]
  }

  /// Runs a command to its end, in the folder.
  func callAsFunction(_ arguments: String...) throws -> CommandResult { try run(arguments) }

  /// Runs a command to its end, in the folder.
  func run(_ arguments: [String]) throws -> CommandResult {
    try TestSupport.run([executable] + arguments, in: folder.path, environment: environment)
  }

  /// Starts a command whose output goes to a file of the folder.
  func start(_ arguments: [String], log: String = "log") throws -> Process {
    let path = folder.file(log)
    try Data().write(to: URL(filePath: path))
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    process.standardOutput = file
    process.standardError = file
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// What a started command has written so far.
  func log(_ name: String = "log") -> String {
    (try? String(contentsOfFile: folder.file(name), encoding: .utf8)) ?? ""
  }

  /// Waits until something is so, for at most a minute.
  func wait(_ what: String, until isSo: () -> Bool) throws {
    for _ in 0..<6000 {
      if isSo() { return }
      usleep(10_000)
    }
    Issue.record("waited a minute for \(what); the log says\n\(log())")
  }
}

extension Workbench {
  /// What a command writes to the standard error, paths replaced by words, and its exit status.
  func message(_ arguments: [String]) throws -> CommandResult {
    let result = try TestSupport.run(
      ["sh", "-c", "exec \"$0\" \"$@\" 2>&1 >/dev/null", executable] + arguments, in: path,
      environment: environment)
    return CommandResult(status: result.status, output: plain(result.output))
  }

  /// A text without what differs between machines, or with the plugins that there are.
  func plain(_ text: String) -> String {
    text.replacing(path, with: "FOLDER").replacing(products, with: "PRODUCTS")
      .replacing(root, with: "ROOT").replacing(#/provided by .*/#, with: "provided by …")
      .replacing(#/[0-9a-f]{64}/#, with: "HASH")
      .replacing(#/found \d+ bytes of data/#, with: "found … bytes of data")
  }
}
