import PluginAPI

/// Everything the loaded plugins offer, by id.
public struct Catalog: Sendable {
  /// Components by `plugin/component`.
  public private(set) var components: [String: ComponentDescription] = [:]
  /// Procedures by `plugin/procedure`, as JSON text.
  public private(set) var procedures: [String: ProcedureDescription] = [:]
  /// Tables by `plugin/table`.
  public private(set) var tables: [String: TableDescription] = [:]
  /// The plugins, sorted by id.
  public let plugins: [PluginDescription]

  /// Gathers the components of some plugins; their order does not matter.
  public init(_ plugins: [PluginDescription]) {
    self.plugins = plugins.sorted { $0.id < $1.id }
    for plugin in self.plugins {
      for component in plugin.components {
        components["\(plugin.id)/\(component.name)"] = component
      }
      for procedure in plugin.procedures {
        procedures["\(plugin.id)/\(procedure.name)"] = procedure
      }
      for table in plugin.tables { tables["\(plugin.id)/\(table.name)"] = table }
    }
  }

  /// The ids of one kind, sorted.
  public func ids(of kind: ComponentKind) -> [String] {
    components.filter { $0.value.kind == kind }.keys.sorted()
  }

  /// The shipped procedures, parsed.
  ///
  /// - Throws: ``Diagnostics`` when a plugin's text is no JSON.
  func parsedProcedures() throws -> [String: JSONValue] {
    try Dictionary(
      uniqueKeysWithValues: procedures.map {
        ($0.key, try JSONValue(parsing: $0.value.json, named: $0.key))
      })
  }
}
