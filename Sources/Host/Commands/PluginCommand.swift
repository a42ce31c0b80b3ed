import ArgumentParser
import Foundation

/// `workbench plugin`.
struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin",
    abstract: "Make and build plugins in folders of your own.",
    subcommands: [New.self, Build.self])
}

extension PluginCommand {
  /// `workbench plugin new`.
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "new",
      abstract: "Make a plugin to begin from: a package with a generator and a discriminator.")

    @Argument(help: "Its name, such as MyGenerator.")
    var name: String

    @Option(help: ArgumentHelp("Where its folder is made.", valueName: "folder"))
    var `in` = "."

    func run() throws {
      try reporting {
        let made = try PluginTemplate(core: CoreLocation.sources()).write(name, in: self.in)
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

    func run() throws {
      try reporting {
        guard let destination = into ?? PluginBuilder.standardFolder() else {
          throw ValidationError("HOME is not set, so --into is needed.")
        }
        let builder = PluginBuilder(core: try CoreLocation.sources())
        for (path, summary) in try builder.build(folder, into: destination) {
          print("\(summary.id)  \(summary.summary)\n  \(path)")
          for component in summary.components {
            print("  \(summary.id)/\(component.name)  \(component.kind): \(component.summary)")
          }
        }
      }
    }
  }
}
