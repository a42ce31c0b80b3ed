/// The plugins of the search path: which there are, and which can't be used and why.
///
/// Looking at them runs none of their code in this process; loading does, and only for the
/// plugins that are asked for.
public final class PluginCatalog {
  /// One file of the search path.
  public struct Listing: Sendable {
    /// Absolute.
    public let path: String
    /// Size, time and hash, unless the file itself was refused.
    public let file: PluginFile?
    /// Its description, or why it isn't used.
    public let verdict: PluginVerdict
    /// Whether the verdict is that of an earlier process, so that nothing was tried now.
    public let isRemembered: Bool

    /// The description, if the plugin can be used.
    public var summary: PluginSummary? {
      if case .described(let summary) = verdict { summary } else { nil }
    }
  }

  /// Where plugins are looked for.
  public let search: PluginSearchPath
  private let trust: PluginFile.Trust
  private let probe: PluginProbe
  /// What is remembered of them.
  public let cache: VerdictCache
  private let loader: PluginLoader
  private var surveyed: [Listing]?

  /// Creates a catalog of the plugins on `search`.
  public init(
    search: PluginSearchPath = .standard(), trust: PluginFile.Trust = .standard(),
    probe: PluginProbe = PluginProbe(), cache: VerdictCache = VerdictCache()
  ) {
    self.search = search
    self.trust = trust
    self.probe = probe
    self.cache = cache
    loader = PluginLoader(trust: trust)
  }

  /// Every plugin file of the search path, sorted by path; each is tried at most once.
  public var listings: [Listing] {
    if let surveyed { return surveyed }
    let listings = search.files().compactMap(listing)
    surveyed = listings
    return listings
  }

  /// The ids of the plugins that can be used, with their files; two files with one id are both here.
  public var paths: [String: [String]] {
    Dictionary(
      listings.compactMap { listing in listing.summary.map { ($0.id, [listing.path]) } },
      uniquingKeysWith: +)
  }

  /// Why files of the search path aren't used: the refused ones, then ids that several files offer.
  public var faults: [PluginError] {
    let refused = listings.compactMap { listing in
      if case .refused(let error) = listing.verdict { error } else { nil }
    }
    let several = paths.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
    return refused + several.map { Registry.duplicate($0.key, $0.value) }
  }

  /// Loads the plugins with the given ids into this process.
  ///
  /// - Parameters:
  ///   - ids: the plugins, each as often as one likes.
  ///   - hashes: by plugin id, what a file's SHA-256 must begin with.
  /// - Returns: exactly the plugins asked for.
  /// - Throws: `PluginErrors` with all that is wrong, not only the first.
  public func load(_ ids: some Sequence<String>, hashes: [String: String] = [:]) throws -> Registry
  {
    var registry = Registry()
    var errors: [PluginError] = []
    for id in Set(ids).sorted() {
      do {
        try registry.add(loader.load(path(of: id), hash: hashes[id]))
      } catch let error as PluginError {
        errors.append(error)
      }
    }
    guard errors.isEmpty else { throw PluginErrors(errors) }
    return registry
  }

  /// Loads every plugin that can be used.
  ///
  /// - Parameters:
  ///   - ids: plugins that must be among them; others that can't be used are left out.
  ///   - hashes: by plugin id, what a file's SHA-256 must begin with.
  /// - Returns: the plugins asked for and the rest.
  /// - Throws: `PluginErrors` with all that is wrong with the plugins asked for.
  public func loadAll(
    requiring ids: some Sequence<String> = [], hashes: [String: String] = [:]
  ) throws -> Registry {
    var registry = try load(ids, hashes: hashes)
    for id in paths.keys.sorted() where registry.plugins[id] == nil {
      guard let other = try? loader.load(path(of: id), hash: hashes[id]) else { continue }
      try registry.add(other)
    }
    return registry
  }

  /// The one file of the plugin with an id.
  ///
  /// - Throws: `PluginError` where there is none, or several.
  func path(of id: String) throws -> String {
    guard let found = paths[id] else { throw unknown(id) }
    guard found.count == 1 else { throw Registry.duplicate(id, found) }
    return found[0]
  }

  /// Libraries of another kind, such as the core, may lie there as well and are passed by in
  /// silence; a file that is no library at all isn't. What is remembered is not read again.
  private func listing(_ path: String) -> Listing? {
    let known = cache.known(path)
    if known == nil, PluginFile.isOtherLibrary(at: path) { return nil }
    do {
      try PluginFile.checkWriters(of: path, trust: trust)
      if let (file, verdict) = known {
        return Listing(path: path, file: file, verdict: verdict, isRemembered: true)
      }
      let file = try PluginFile(at: path, trust: trust)
      let verdict = probe.describe(path)
      cache.remember(verdict, on: file)
      return Listing(path: path, file: file, verdict: verdict, isRemembered: false)
    } catch {
      return Listing(path: path, file: nil, verdict: .refused(error), isRemembered: false)
    }
  }

  private func unknown(_ id: String) -> PluginError {
    let known = paths.keys.sorted()
    let refused = listings.filter { $0.summary == nil }.map(\.path)
    let notes = [
      NearestName.suggestion(for: id, among: known) ?? "no usable plugin at all",
      refused.isEmpty ? nil : "refused: " + refused.joined(separator: ", "),
    ]
    return PluginError(
      .unknown, id, found: notes.compactMap(\.self).joined(separator: "; "),
      expected: "the id of a plugin on the search path")
  }
}

/// All that is wrong with a set of plugins.
public struct PluginErrors: Error, CustomStringConvertible {
  /// At least one.
  public let errors: [PluginError]

  init(_ errors: [PluginError]) { self.errors = errors }

  /// One after the other.
  public var description: String { errors.map(\.description).joined(separator: "\n") }
}
