import ArgumentParser
import PluginAPI

/// `workbench why`.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say why a plugin can or cannot be used, and where it was looked for.",
    discussion: """
      Shows the files that offer it, what was found out about them and when that is forgotten, and \
      the folders that are searched. A plugin that crashed, hung or ended its process is in \
      quarantine: it is not tried again until its file, the core or the compiler changes.
      """)

  @Argument(help: "A plugin, a component or a file: essentials, essentials/adam, ./libMine.so.")
  var id: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reporting {
      let inquiry = PluginInquiry(id, in: PluginCatalog())
      print(json ? inquiry.json.text() : inquiry.text)
      if inquiry.state != .used { throw ExitCode.failure }
    }
  }
}
