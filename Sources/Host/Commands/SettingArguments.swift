import ArgumentParser
import PluginAPI

/// The settings of a component on a command line.
struct SettingArguments: ParsableArguments {
  @Option(
    name: .customLong("with"), parsing: .singleValue,
    help: ArgumentHelp(
      "A setting, such as width=64, or an object of all. May be repeated.",
      valueName: "key=value"))
  var arguments: [String] = []

  /// The settings as a tree; of a setting that is given twice the last.
  ///
  /// - Throws: `Diagnostics` for a fault of form.
  func tree() throws -> JSONValue {
    var tree = JSONValue(.object([]))
    for text in arguments {
      if text.drop(while: \.isWhitespace).first == "{" {
        for member in try JSONValue(parsing: text, named: "--with").members ?? [] {
          tree.set(JSONPath([.key(member.key)]), member.value)
        }
      } else {
        try JSONOverride.apply([text], to: &tree, option: "--with")
      }
    }
    return tree
  }

  /// What is done with the settings; faults that are found in them are told with their places.
  ///
  /// - Throws: `Diagnostics` for faults of settings, and what `use` throws.
  func used<Result>(_ use: (Setting) throws -> Result) throws -> Result {
    let tree = try tree()
    do {
      return try use(tree.setting)
    } catch let errors as HyperparameterErrors {
      throw Diagnostics(errors, in: tree, path: "with")
    }
  }
}
