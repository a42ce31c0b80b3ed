import Foundation
import TestSupport
import Testing

/// Compares a text with `Snapshots/<name>.txt`, or writes that file where `RECORD_SNAPSHOTS` is set.
func expectSnapshot(
  _ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let url = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Snapshots/\(name).txt")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
    try Data(text.utf8).write(to: url)
    return
  }
  let expected = try String(contentsOf: url, encoding: .utf8)
  #expect(text == expected, "\(name)", sourceLocation: sourceLocation)
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
  }
}
