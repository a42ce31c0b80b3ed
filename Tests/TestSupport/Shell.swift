import Foundation

/// What a command printed and how it ended.
public struct CommandResult {
  /// The exit status, or the number of the signal that ended it.
  public let status: Int32
  /// Both outputs as one, in the order they were written.
  public let output: String

  /// Describes how a command ended.
  public init(status: Int32, output: String) {
    self.status = status
    self.output = output
  }
}

/// Runs a command found on the PATH, its two outputs as one.
public func run(
  _ command: [String], in folder: String? = nil, environment: [String: String] = [:]
) throws -> CommandResult {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.environment = ProcessInfo.processInfo.environment
    .merging(environment) { _, new in new }
  if let folder { process.currentDirectoryURL = URL(filePath: folder) }
  let pipe = Pipe()
  defer { try? pipe.fileHandleForReading.close() }
  process.standardOutput = pipe
  process.standardError = pipe
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return CommandResult(
    status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
}

/// The repository's root.
public let root = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// Where the build has put host, core and plugins: beside the test bundle.
public let products = Bundle.main.bundlePath

/// The host's executable.
public let executable = "\(products)/workbench"
