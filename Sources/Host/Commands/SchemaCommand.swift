import ArgumentParser
import PluginAPI

/// `workbench schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract:
      "Write a JSON Schema of experiment files, so that an editor completes and checks them.",
    discussion: """
      The schema (JSON Schema 2020-12) knows every component of the plugins that are there, with the \
      type, range, default and meaning of each setting. Write it beside your experiments and name it \
      in them, "$schema": "workbench.schema.json"; editors that read JSON Schema do the rest. Write \
      it again when plugins change. Whether parts fit together only `workbench resolve` can say.
      """)

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The file to write; printed when absent.", valueName: "file"))
  var output: String?

  func run() throws {
    try reporting {
      let schema = try PluginCatalog().using { ExperimentSchema(catalog: Catalog($0)).json }
      let text = schema.text()
      if let output {
        try AtomicFile.write(text + "\n", to: output)
      } else {
        print(text)
      }
    }
  }
}
