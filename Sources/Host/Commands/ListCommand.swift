import ArgumentParser
import PluginAPI

/// `workbench list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the plugins and what they offer, and say why a plugin cannot be used.",
    discussion: """
      A plugin that cannot be used is reported with the reason and the cure; the others are listed \
      all the same. Plugins are described in processes of their own, so that a broken one does no \
      harm.
      """)

  @Argument(help: "List only this kind, such as generator, loss or optimizer.")
  var kind: String?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    let known = ComponentKind.allCases.map(\.rawValue) + ["procedure", "table"]
    if let kind, !known.contains(kind) {
      throw ValidationError("there is no kind \(kind); kinds are \(known.joined(separator: ", "))")
    }
  }

  func run() throws {
    let catalog = PluginCatalog()
    if json {
      print(described(catalog).text())
    } else {
      show(catalog)
    }
    let faults = catalog.faults
    for fault in faults { complain("\(fault)") }
    if !faults.isEmpty { throw ExitCode.failure }
  }

  private func show(_ catalog: PluginCatalog) {
    for plugin in catalog.listings.compactMap(\.summary) {
      let components = plugin.components.filter { kind == nil || $0.kind == kind }
      let procedures = kind == nil || kind == "procedure" ? plugin.procedures : []
      let tables = kind == nil || kind == "table" ? plugin.tables : []
      guard kind == nil || !(components.isEmpty && procedures.isEmpty && tables.isEmpty) else {
        continue
      }
      print("\(plugin.id)  \(plugin.summary)")
      let rows = components.map { ("\(plugin.id)/\($0.name)", "\($0.kind): \($0.summary)") }
      let width = rows.map(\.0.count).max() ?? 0
      for (id, text) in rows {
        print("  \(id)\(String(repeating: " ", count: width - id.count))  \(text)")
      }
      for name in procedures { print("  \(plugin.id)/\(name)  procedure") }
      for name in tables { print("  \(plugin.id)/\(name)  table") }
    }
  }

  private func described(_ catalog: PluginCatalog) -> JSONValue {
    let plugins = catalog.listings.compactMap { listing -> JSONValue? in
      guard let plugin = listing.summary else { return nil }
      var value = plugin.json(only: kind)
      let offered = ["components", "procedures", "tables"].flatMap { value[$0]?.arrayValue ?? [] }
      guard kind == nil || !offered.isEmpty else { return nil }
      value.set("path", JSONValue(listing.path))
      value.set("sha256", JSONValue(listing.file?.hash ?? ""))
      return value
    }
    return [
      "plugins": JSONValue(plugins), "refused": JSONValue(catalog.faults.map(\.json)),
    ]
  }
}
