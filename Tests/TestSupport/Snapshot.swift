import Foundation
import Testing

/// Compares a text with `Snapshots/<name>.txt` beside the test's file, or writes that file where
/// `RECORD_SNAPSHOTS` is set.
///
/// - Parameters:
///   - name: the file's name without its extension.
///   - text: what is compared.
///   - file: the test's own file.
///   - sourceLocation: where the expectation stands.
/// - Throws: errors of the file system, for instance where there is no such snapshot yet.
public func expectSnapshot(
  _ name: String, _ text: String, file: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let url = URL(filePath: file).deletingLastPathComponent()
    .appending(path: "Snapshots/\(name).txt")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return
  }
  let expected = try String(contentsOf: url, encoding: .utf8)
  #expect(text == expected, "\(name)", sourceLocation: sourceLocation)
}
