import ArgumentParser
import Foundation
import PluginAPI

/// `workbench tool`.
struct ToolCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tool",
    abstract: "Do something with a trained model: figures, edits, films.",
    discussion: """
      A tool takes a trained model, and pictures or label maps from files, and makes a picture. \
      `workbench list tool` says which tools there are, `workbench inspect ID` what each takes. \
      The model is that of a run, or of an experiment file whose parts say where their weights are; \
      the dataset it was trained on is not needed.

        workbench tool essentials/redraw-classes runs/aviary-1 --labels map.png -o figure.png
        workbench tool ID my.json --set generator.weights=G.safetensors --labels map.png

      Each setting of the tool is an option behind the model: --paint class=3,rect=10,20,30,40, or \
      --film alone for one that is true or false. --with name=value says the same.

      Pictures and label maps have the size that the model works at; a label map is a grey or \
      palette PNG whose values are the classes.
      """)

  @Argument(help: "The tool, such as essentials/redraw-classes.")
  var id: String

  @Argument(help: ArgumentHelp("A run folder, or an experiment file.", valueName: "model"))
  var model: String

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp(
      "A setting of the tool and its value. May be repeated; for a list, each adds one to it.",
      valueName: "--setting value"))
  var options: [String] = []

  @Option(
    name: .customLong("with"), parsing: .singleValue,
    help: ArgumentHelp("The same in one word.", valueName: "name=value"))
  var arguments: [String] = []

  @Option(
    name: [.short, .long],
    help: "The picture to write: PNG or JPEG by its name; a film is a PNG that moves (APNG).")
  var output = "tool.png"

  @Option(help: "The step of the run's checkpoint; the newest when absent.")
  var step: Int?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change a value of the experiment, such as generator.weights=FILE. May be repeated.",
      valueName: "path=value"))
  var overrides: [String] = []

  func validate() throws { _ = try given() }

  /// The settings among the options, each `name=value`.
  private func given() throws -> [String] {
    var settings: [String] = []
    var rest = options[...]
    while let option = rest.popFirst() {
      guard option.hasPrefix("--"), option.count > 2 else {
        throw ValidationError(
          "found \(option), expected --SETTING VALUE. The tool and the model come first, its "
            + "settings after them.")
      }
      let name = String(option.dropFirst(2))
      if name.contains("=") {
        settings.append(name)
      } else if let value = rest.first, !value.hasPrefix("--") {
        settings.append("\(name)=\(value)")
        rest.removeFirst()
      } else {
        settings.append("\(name)=true")
      }
    }
    return settings
  }

  func run() throws {
    try reporting {
      let (loaded, open) = try LoadedModel.open(model, step: step, overrides: overrides)
      let run = try ToolRun(
        id, arguments + given(), open.resolution.catalog, image: loaded.image)
      try ToolRun.check(output)
      let picture = try withoutGradient { try run.tool(loaded) }
      print("\(output): \(try ToolRun.write(picture, to: output))")
    }
  }
}
