import Foundation

/// A folder of its own for one test, removed when the last reference to it goes.
public final class TemporaryFolder {
  /// Its path.
  public let path: String

  /// Makes it.
  public init() throws {
    let name = "workbench-test-\(UUID().uuidString)"
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a text into a file of the folder, and returns its path.
  @discardableResult
  public func file(_ name: String, _ contents: String) throws -> String {
    let path = file(name)
    try Data(contents.utf8).write(to: URL(filePath: path))
    return path
  }

  /// The names in the folder, hidden ones included, sorted.
  public var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

/// The bytes of a file.
public func bytes(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

/// Writes bytes to a file in one go.
public func put(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// The path of a committed fixture.
public func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Fixtures/\(name)").standardized.path
}
