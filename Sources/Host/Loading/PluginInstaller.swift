import Foundation

/// Puts a plugin's file where the host looks, whole or not at all.
public struct PluginInstaller {
  private let probe: PluginProbe

  /// Creates an installer.
  ///
  /// - Parameter probe: tries what is installed.
  public init(probe: PluginProbe = PluginProbe()) { self.probe = probe }

  /// What was put where.
  public struct Installed {
    /// The new file.
    public let path: String
    /// What it says of itself.
    public let summary: PluginSummary
    /// What lay at that path before, in words; `nil` where there was nothing.
    public let replaced: String?
  }

  /// Tries the plugin at `path` and copies it into `folder`.
  ///
  /// The copy is made beside its place and moved over it: a host that starts meanwhile sees the old
  /// file or the new one.
  ///
  /// - Parameters:
  ///   - path: the library's file.
  ///   - folder: made where it is absent.
  ///   - catalog: the plugins there are; one of the same id in another file is a reason to refuse,
  ///     for neither could be used. `nil` to ask nobody.
  /// - Returns: what was put where.
  /// - Throws: `PluginError` where it can't be used, `PluginBuildError.notInstalled`, or errors of the
  ///   file system. Nothing has changed then.
  public func install(
    _ path: String, in folder: String, beside catalog: PluginCatalog? = nil
  ) throws -> Installed {
    let file = try PluginFile(at: path, trust: .standard())
    let summary = try described(file.path)
    let target = URL(filePath: folder).appending(path: URL(filePath: path).lastPathComponent).path
    let others = (catalog?.paths[summary.id] ?? []).filter { $0 != target && $0 != file.path }
    guard others.isEmpty else { throw Registry.duplicate(summary.id, others + [file.path]) }
    let replaced = former(target, new: file)
    let partial = "\(target).\(getpid())"
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? files.removeItem(atPath: partial)
    try files.copyItem(atPath: file.path, toPath: partial)
    guard chmod(partial, 0o755) == 0, rename(partial, target) == 0 else {
      let reason = String(cString: strerror(errno))
      try? files.removeItem(atPath: partial)
      throw PluginBuildError.notInstalled(path: target, reason: reason)
    }
    return Installed(path: target, summary: summary, replaced: replaced)
  }

  /// The description of a file that can be used.
  func described(_ path: String) throws -> PluginSummary {
    switch probe.describe(path) {
    case .described(let summary): return summary
    case .refused(let error): throw error
    }
  }

  private func former(_ target: String, new: PluginFile) -> String? {
    guard FileManager.default.fileExists(atPath: target) else { return nil }
    guard let old = try? PluginFile(at: target, trust: .anyone) else {
      return "a file of another kind"
    }
    if old.hash == new.hash { return "the same file" }
    guard case .described(let summary) = probe.describe(target) else {
      return "a plugin that could not be used, \(old.hash.prefix(12))"
    }
    return "\(summary.id) \(summary.version), \(old.hash.prefix(12))"
  }
}
