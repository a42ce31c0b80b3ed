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

        workbench tool essentials/redraw-classes runs/aviary-1 --with labels=map.png -o figure.png
        workbench tool ID my.json --set generator.weights=G.safetensors --with labels=map.png

      Pictures and label maps have the size that the model works at; a label map is a grey or \
      palette PNG whose values are the classes.
      """)

  @Argument(help: "The tool, such as essentials/redraw-classes.")
  var id: String

  @Argument(help: ArgumentHelp("A run folder, or an experiment file.", valueName: "model"))
  var model: String

  @Option(
    name: .customLong("with"), parsing: .singleValue,
    help: ArgumentHelp(
      "A setting of the tool. May be repeated; for a list, each adds one to it.",
      valueName: "name=value"))
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

  func run() throws {
    try reporting {
      let (loaded, open) = try LoadedModel.open(model, step: step, overrides: overrides)
      let run = try ToolRun(id, arguments, open.resolution.catalog, image: loaded.image)
      try ToolRun.check(output)
      let picture = try withoutGradient { try run.tool(loaded) }
      print("\(output): \(try ToolRun.write(picture, to: output))")
    }
  }
}
