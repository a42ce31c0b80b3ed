import ArgumentParser
import PluginAPI

/// `workbench inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a component does, its settings, its ports, weights and random draws.",
    discussion: """
      Ports are listed with the layout that files have (workbench apply). What it \
      provides, its weights and its draws depend on sizes: give those of the consumed ports with \
      --ports, for instance \
      '{"condition": {"classes": 12, "side": 64}}'; "image" is also the image that a generator \
      should make.
      """)

  @Argument(help: "The component, such as essentials/adam, a procedure or a table.")
  var id: String

  @OptionGroup var settings: SettingArguments

  @Option(help: ArgumentHelp("Sizes of what it consumes, by port.", valueName: "json"))
  var ports = "{}"

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reporting { try PluginCatalog().using { try show(Catalog($0)) } }
  }

  private func show(_ catalog: Catalog) throws {
    if let procedure = catalog.procedures[id] {
      print(try json ? described(procedure).text() : words(procedure))
      return
    }
    if let table = catalog.tables[id] {
      print(try json ? described(table).text() : words(table))
      return
    }
    guard let component = catalog.components[id] else {
      let known = [
        Array(catalog.components.keys), Array(catalog.procedures.keys), Array(catalog.tables.keys),
      ].flatMap(\.self).sorted()
      throw ConfigurationError(
        "no loaded plugin offers \"\(id)\"; "
          + (NearestName.suggestion(for: id, among: known) ?? "no plugin is loaded"))
    }
    let settings = try settings.tree().setting
    do {
      _ = try component.completed(settings)
    } catch let errors as HyperparameterErrors {
      throw ConfigurationError("\(id) with \(settings.text): \(errors.sentence)")
    }
    let inspection = Inspection(
      id: id, component: component, settings: settings,
      sizes: try ApplyCommand.sizes(ports), catalog: catalog)
    print(json ? inspection.json.text() : inspection.text)
  }

  private func words(_ procedure: ProcedureDescription) -> String {
    "\(id)  procedure\n\(procedure.summary)\n\n\(procedure.json)"
  }

  private func described(_ procedure: ProcedureDescription) throws -> JSONValue {
    let phases = try JSONValue(parsing: procedure.json, named: id)["phases"]
    return [
      "id": JSONValue(id), "kind": "procedure", "summary": JSONValue(procedure.summary),
      "phases": phases ?? [],
    ]
  }

  private func words(_ table: TableDescription) -> String {
    let columns = table.columns.map { "\($0.title)  \($0.figure)" }.joined(separator: "\n")
    return "\(id)  table\n\(table.summary)\n\n\(columns)\n\n\(table.json)"
  }

  private func described(_ table: TableDescription) throws -> JSONValue {
    let columns = table.columns.map { column in
      ["title": JSONValue(column.title), "figure": JSONValue(column.figure)] as JSONValue
    }
    return [
      "id": JSONValue(id), "kind": "table", "summary": JSONValue(table.summary),
      "columns": JSONValue(columns), "experiment": try JSONValue(parsing: table.json, named: id),
    ]
  }
}
