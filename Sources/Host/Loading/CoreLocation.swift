import Foundation

/// Finds the checkout this host belongs to: plugins are compiled against its core.
public enum CoreLocation {
  /// The folder `Sources/` with the core's package.
  ///
  /// Looked for in the variable `WORKBENCH_CORE`; then upwards from the executable, so that a
  /// checkout may be moved as a whole; then where this host was compiled.
  ///
  /// - Throws: `PluginBuildError.noCore`.
  public static func sources(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: String = PluginSearchPath.currentExecutable
  ) throws -> String {
    if let named = environment["WORKBENCH_CORE"] {
      let path = URL(filePath: named).path
      guard isCore(path) else { throw PluginBuildError.noCore(tried: [path]) }
      return path
    }
    var candidates: [String] = []
    var folder = URL(filePath: executable).deletingLastPathComponent()
    while folder.path != "/" {
      candidates.append(folder.appending(path: "Sources").path)
      folder = folder.deletingLastPathComponent()
    }
    let compiled = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    candidates.append(compiled)
    guard let found = candidates.first(where: isCore) else {
      throw PluginBuildError.noCore(tried: candidates)
    }
    return found
  }

  private static func isCore(_ path: String) -> Bool {
    ["Package.swift", "CoreStamp/CoreStamp.swift", "PluginAPI/PluginEntry.swift"]
      .allSatisfy { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
  }
}
