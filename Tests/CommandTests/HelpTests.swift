import TestSupport
import Testing

@Suite("Help texts")
struct HelpTests {
  @Test(
    "What a person reads after --help",
    arguments: [
      "", "train", "sample", "list", "inspect", "why", "resolve", "schema", "profile", "evaluate",
      "tool", "apply", "weights", "weights import", "weights export", "weights show",
      "doctor", "plugin", "plugin new", "plugin build", "plugin install", "plugin validate",
    ])
  func help(_ command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let result = try Workbench().run(words + ["--help"])
    #expect(result.status == 0)
    try expectSnapshot(
      "help-\(command.isEmpty ? "workbench" : words.joined(separator: "-"))", result.output)
  }
}
