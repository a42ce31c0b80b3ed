import Foundation

/// Remembers what the probe found, so that a plugin is tried once per file, core and compiler.
///
/// This is the quarantine as well: a plugin that died isn't tried again until one of the three
/// changes. One JSON file; damaged or absent, it is as if empty.
public final class VerdictCache {
  private struct Entry: Codable {
    let file: PluginFile
    let core: String
    let verdict: PluginVerdict
  }

  /// The file it is kept in.
  public var path: String { url.path }
  private let url: URL
  private let core: String
  private var entries: [String: Entry]

  /// Opens the cache in `folder`.
  ///
  /// - Parameters:
  ///   - folder: where its file lies, created when it is first written.
  ///   - core: what the host was compiled against and by; other hosts' entries don't count.
  public init(
    folder: String = standardFolder(),
    core: String = "\(PluginLoader.core) \(PluginLoader.compiler)"
  ) {
    url = URL(filePath: folder).appending(path: "plugins.json")
    self.core = core
    let data = try? Data(contentsOf: url)
    entries = data.flatMap { try? JSONDecoder().decode([String: Entry].self, from: $0) } ?? [:]
  }

  /// `~/.cache/workbench`, or the folder that `XDG_CACHE_HOME` says.
  public static func standardFolder(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    let home = environment["HOME"] ?? FileManager.default.temporaryDirectory.path
    return (environment["XDG_CACHE_HOME"] ?? "\(home)/.cache") + "/workbench"
  }

  /// The file and the verdict on it, if the file at `path` is still the one that was tried.
  public func known(_ path: String) -> (file: PluginFile, verdict: PluginVerdict)? {
    guard let entry = entries[path], entry.core == core, entry.file.isUnchanged else { return nil }
    return (entry.file, entry.verdict)
  }

  /// Remembers `verdict`, and forgets files that are gone.
  ///
  /// A refusal by the host itself isn't kept: it costs little to find again, and may depend on
  /// what is installed.
  public func remember(_ verdict: PluginVerdict, on file: PluginFile) {
    if case .refused(let error) = verdict, error.fault != .died { return }
    entries = entries.filter { FileManager.default.fileExists(atPath: $0.key) }
    entries[file.path] = Entry(file: file, core: core, verdict: verdict)
    save()
  }

  /// Forgets everything: each plugin is tried anew.
  public func clear() {
    entries = [:]
    save()
  }

  /// A cache that can't be written is no reason to stop.
  private func save() {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? encoder.encode(entries).write(to: url, options: .atomic)
  }
}
