import ArgumentParser
import Foundation

extension PluginCommand {
  /// `workbench plugin validate`.
  struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "validate",
      abstract:
        "Check that a plugin's components keep their promises, each check in a process of its own.",
      discussion: """
        Each component is built alone, with few weights and made-up inputs, and asked:

        \(allChecks.map { "  " + $0.name.padding(toLength: 14, withPad: " ", startingAt: 0) + $0.sentence }.joined(separator: "\n"))

        Each failure comes with the command that repeats it.
        """)

    @Argument(help: "The plugin's file, or the id of a plugin that the workbench finds.")
    var plugin: String

    @Option(help: ArgumentHelp("Only this check. May be repeated.", valueName: "check"))
    var only: [String] = []

    @Option(help: ArgumentHelp("Only this component. May be repeated.", valueName: "name"))
    var component: [String] = []

    @Option(help: "Chooses inputs, weights and directions.")
    var seed: UInt64 = 1

    @Option(
      name: .customLong("with"),
      help: ArgumentHelp(
        "Settings by component, such as '{\"cmp\": {\"folder\": \"data/cmp\"}}'.",
        valueName: "json"))
    var settings = "{}"

    @Option(help: ArgumentHelp("Time limit of a process.", valueName: "seconds"))
    var limit = 120.0

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
      let known = allChecks.map { $0.name }
      if let unknown = only.first(where: { !known.contains($0) }) {
        throw ValidationError(
          "there is no check \(unknown); checks are \(known.joined(separator: ", "))")
      }
      guard limit > 0 else { throw ValidationError("--limit \(limit) is not above 0") }
    }

    func run() throws {
      let isSound = try reporting {
        var validation = try Validation(path())
        validation.checks = only
        validation.components = component
        validation.seed = seed
        validation.seconds = limit
        guard case .object(let members) = try ApplyCommand.object(settings, "--with") else {
          return true
        }
        validation.settings = members.mapValues(\.text)
        let names = validation.plugin.components.map(\.name)
        for name in component + members.keys.sorted() where !names.contains(name) {
          throw ValidationError(
            "\(validation.plugin.id) has no component \(name); "
              + (NearestName.suggestion(for: name, among: names) ?? "it has none"))
        }
        return try run(validation)
      }
      if !isSound { throw ExitCode.failure }
    }

    private func run(_ validation: Validation) throws -> Bool {
      let report = ValidationReport(validation: validation)
      if !json { print(report.header) }
      let results = try validation.run { own in
        if !json { print(report.row(own)) }
      }
      print(json ? report.json(results).text() : report.summary(results))
      return !results.contains { if case .failed = $0.answer { true } else { false } }
    }

    private func path() throws -> String {
      var isFolder = ObjCBool(false)
      if FileManager.default.fileExists(atPath: plugin, isDirectory: &isFolder) {
        guard !isFolder.boolValue else {
          throw ValidationError(
            "\(plugin) is a folder; build it first, with workbench plugin build \(plugin), "
              + "and validate the plugin by its id")
        }
        return plugin
      }
      if plugin.contains("/") { return plugin }
      return try PluginCatalog().path(of: plugin)
    }
  }
}
