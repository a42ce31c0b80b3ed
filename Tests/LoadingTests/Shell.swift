import Foundation
import Testing

/// What a command printed and how it ended.
struct CommandResult {
  let status: Int32
  let output: String
}

/// Runs a command found on the PATH, its two outputs as one.
func run(_ command: [String], environment: [String: String] = [:]) throws -> CommandResult {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.environment = ProcessInfo.processInfo.environment
    .merging(environment) { _, new in new }
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return CommandResult(
    status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
}

/// A folder that is removed with the object that holds it.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "loading-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ contents: String) throws -> String {
    try Data(contents.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }
}

/// The repository's root.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

/// Where the build has put host, core and plugins: beside the test bundle.
let products = Bundle.main.bundlePath

/// The host's executable.
let executable = "\(products)/workbench"
