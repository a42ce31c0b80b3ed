public import PluginAPI

/// What the host knows of a plugin without having loaded it: its description as plain text.
public struct PluginSummary: Hashable, Codable, Sendable {
  /// The first half of its components' ids.
  public let id: String
  /// The plugin's own version.
  public let version: String
  /// One sentence.
  public let summary: String
  /// Where its components were published.
  public let paper: String?
  /// What it offers, in the plugin's order.
  public let components: [Component]
  /// The names of its procedures.
  public let procedures: [String]
  /// The names of its tables.
  public let tables: [String]

  /// One component of a plugin.
  public struct Component: Hashable, Codable, Sendable {
    /// The second half of its id.
    public let name: String
    /// What it is, such as `generator`.
    public let kind: String
    /// One sentence.
    public let summary: String
  }

  /// Copies what can be said in text.
  public init(_ plugin: PluginDescription) {
    id = plugin.id
    version = plugin.version
    summary = plugin.summary
    paper = plugin.paper
    components = plugin.components.map {
      Component(name: $0.name, kind: $0.kind.rawValue, summary: $0.summary)
    }
    procedures = plugin.procedures.map(\.name)
    tables = plugin.tables.map(\.name)
  }
}

/// What became of an attempt to describe a plugin in a process of its own.
public enum PluginVerdict: Hashable, Codable, Sendable {
  /// It fits, and says this of itself.
  case described(PluginSummary)
  /// It isn't used, for this reason.
  case refused(PluginError)
}
