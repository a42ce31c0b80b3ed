import Foundation

/// The folders in which plugins are looked for.
///
/// In this order: the executable's own, those of `WORKBENCH_PLUGIN_PATH` (separated by colons),
/// the user's `~/.local/share/workbench/plugins`. The order changes nothing, for two plugins with
/// one id are refused. Nothing is taken from the current folder unless the variable names it: an
/// empty entry, elsewhere short for the current folder, means nothing.
public struct PluginSearchPath: Sendable {
  /// Absolute, each once.
  public let folders: [String]

  /// Looks in `folders` only.
  public init(_ folders: [String]) {
    var seen: Set<String> = []
    self.folders = folders.map { URL(filePath: $0).resolvingSymlinksInPath().path }
      .filter { seen.insert($0).inserted }
  }

  /// The folders that a user's machine has.
  public static func standard(
    executable: String = currentExecutable,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> PluginSearchPath {
    let listed = environment["WORKBENCH_PLUGIN_PATH"]?.split(separator: ":").map(String.init) ?? []
    let home = environment["HOME"].map { ["\($0)/.local/share/workbench/plugins"] } ?? []
    let beside = URL(filePath: executable).deletingLastPathComponent().path
    return PluginSearchPath([beside] + listed + home)
  }

  /// The running executable's file.
  public static var currentExecutable: String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
  }

  /// The files in the folders that are named like libraries, sorted by path; not all are plugins.
  public func files() -> [String] {
    let paths = DynamicLibrary.files(in: folders)
      .map { URL(filePath: $0).resolvingSymlinksInPath().path }
    return Set(paths).sorted()
  }
}
