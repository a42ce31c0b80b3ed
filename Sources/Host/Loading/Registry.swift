/// The plugins of this process by id; the order in which they came makes no difference.
public struct Registry {
  /// By plugin id.
  public private(set) var plugins: [String: LoadedPlugin] = [:]

  /// Creates a registry of `plugins`.
  ///
  /// - Throws: `PluginError` when two files offer one id.
  public init(_ plugins: [LoadedPlugin]) throws {
    for plugin in plugins { try add(plugin) }
  }

  /// Creates an empty registry.
  public init() {}

  /// Adds a plugin; the same file again is no harm.
  ///
  /// - Throws: `PluginError` when another file offers its id.
  public mutating func add(_ plugin: LoadedPlugin) throws {
    let id = plugin.description.id
    if let earlier = plugins[id], earlier.file.path != plugin.file.path {
      throw Self.duplicate(id, [earlier.file.path, plugin.file.path])
    }
    plugins[id] = plugin
  }

  static func duplicate(_ id: String, _ paths: [String]) -> PluginError {
    PluginError(
      .duplicate, id, found: paths.sorted().joined(separator: " and "), expected: "one file")
  }
}
