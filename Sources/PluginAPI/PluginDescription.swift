/// A plugin: its name and the components it offers.
public final class PluginDescription: Sendable {
  /// The first half of its components' ids, lower case: `essentials`.
  public let id: String
  /// The plugin's own version, such as `1.0.0`.
  public let version: String
  /// One sentence.
  public let summary: String
  /// Where its components were published, such as an arXiv number.
  public let paper: String?
  /// What it offers.
  public let components: [ComponentDescription]
  /// Procedures by name, as JSON: how a training step runs.
  public let procedures: [ProcedureDescription]
  /// Tables of figures by name, that trained models are compared in.
  public let tables: [TableDescription]

  /// Describes a plugin.
  public init(
    id: String, version: String = "0.1.0", summary: String, paper: String? = nil,
    components: [ComponentDescription], procedures: [ProcedureDescription] = [],
    tables: [TableDescription] = []
  ) {
    self.id = id
    self.version = version
    self.summary = summary
    self.paper = paper
    self.components = components
    self.procedures = procedures
    self.tables = tables
  }
}

/// A named procedure that a plugin ships.
public struct ProcedureDescription: Sendable {
  /// The second half of its id.
  public let name: String
  /// One sentence.
  public let summary: String
  /// The procedure as an experiment file would write it out.
  public let json: String

  /// Describes a procedure.
  public init(_ name: String, _ summary: String, json: String) {
    self.name = name
    self.summary = summary
    self.json = json
  }
}
