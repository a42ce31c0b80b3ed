public import PluginAPI

/// The plugins of this process by id; the order in which they came makes no difference.
public struct Registry {
  /// By plugin id.
  public private(set) var plugins: [String: LoadedPlugin] = [:]

  /// Creates a registry of `plugins`.
  ///
  /// - Throws: `PluginError` when two files offer one id.
  public init(_ plugins: [LoadedPlugin] = []) throws {
    for plugin in plugins { try add(plugin) }
  }

  /// Creates an empty registry.
  public init() {}

  /// The component with the id `plugin/name`.
  public subscript(component id: String) -> ComponentDescription? {
    let halves = id.split(separator: "/", maxSplits: 1).map(String.init)
    guard halves.count == 2 else { return nil }
    return plugins[halves[0]]?.description.components.first { $0.name == halves[1] }
  }

  /// Every component's id with its description, sorted by id.
  public var components: [(id: String, description: ComponentDescription)] {
    plugins.values.flatMap { plugin in
      plugin.description.components.map { ("\(plugin.description.id)/\($0.name)", $0) }
    }.sorted { $0.id < $1.id }
  }

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
