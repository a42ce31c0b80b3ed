import ArgumentParser
import Foundation
import PluginAPI

/// `workbench plugin`.
struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin",
    abstract: "Make, build, check and install plugins of your own.",
    subcommands: [New.self, Build.self, Validate.self, Install.self])
}

extension PluginCommand {
  /// `workbench plugin new`.
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "new",
      abstract: "Make a plugin to begin from: a package with a component that works.",
      discussion: """
        The package has a manifest, a component of each kind that is asked for, its test, a README \
        and an experiment of two steps. Unedited it builds, validates and trains.
        """)

    @Argument(help: "Its name, such as MyGenerator.")
    var name: String

    @Argument(help: ArgumentHelp("Where its folder is made.", valueName: "folder"))
    var parent = "."

    @Option(
      help: ArgumentHelp(
        "What it offers: \(ComponentKind.allCases.map(\.rawValue).joined(separator: ", ")). May be "
          + "repeated. (default: generator)", valueName: "kind"))
    var kind: [ComponentKind] = []

    func run() throws {
      try reporting {
        let id = PluginTemplate.id(of: name)
        let there = PluginCatalog().paths[id] ?? []
        if let other = there.first(where: { !$0.hasSuffix("/lib\(name).so") }) {
          throw PluginBuildError.unusableName(
            name,
            reason: "\(other) offers \(id) already, and of two plugins of one id none can be used")
        }
        let made = try PluginTemplate(core: CoreLocation.sources())
          .write(name, kinds: kind.isEmpty ? [.generator] : kind, in: parent)
        for file in made.files { print("\(made.folder)/\(file)") }
        print("\nNext: workbench plugin build \(made.folder)")
      }
    }
  }

  /// `workbench plugin build`.
  struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "build",
      abstract: "Compile a plugin's package, try it, and put it where the workbench looks.",
      discussion: "The first build compiles the core as well, into a folder that all plugins share."
    )

    @Argument(help: "The package's folder.")
    var folder = "."

    @Option(
      help: ArgumentHelp(
        "Where the plugin goes, by default ~/.local/share/workbench/plugins.", valueName: "folder"))
    var into: String?

    @Flag(help: "Run the package's tests first, in a debug build.")
    var test = false

    func run() throws {
      try reporting {
        let destination = try PluginCommand.destination(into)
        let builder = PluginBuilder(core: try CoreLocation.sources())
        for plugin in try builder.build(
          folder, into: destination, testing: test, beside: PluginCatalog())
        {
          PluginCommand.show(plugin)
        }
      }
    }
  }

  /// `workbench plugin install`.
  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "install",
      abstract: "Put a plugin's file where the workbench looks, if it can be used.")

    @Argument(help: "The plugin's file, such as libMyGenerator.so.")
    var file: String

    @Option(
      help: ArgumentHelp(
        "Where the plugin goes, by default ~/.local/share/workbench/plugins.", valueName: "folder"))
    var into: String?

    func run() throws {
      try reporting {
        let destination = try PluginCommand.destination(into)
        PluginCommand.show(
          try PluginInstaller().install(file, in: destination, beside: PluginCatalog()))
      }
    }
  }

  private static func destination(_ said: String?) throws -> String {
    guard let folder = said ?? PluginBuilder.standardFolder() else {
      throw ValidationError("HOME is not set, so --into is needed.")
    }
    return folder
  }

  private static func show(_ plugin: PluginInstaller.Installed) {
    let summary = plugin.summary
    print("\(summary.id)  \(summary.summary)\n  \(plugin.path)")
    if let replaced = plugin.replaced { print("  replaced \(replaced)") }
    for component in summary.components {
      print("  \(summary.id)/\(component.name)  \(component.kind): \(component.summary)")
    }
  }
}

extension ComponentKind: @retroactive ExpressibleByArgument {}
