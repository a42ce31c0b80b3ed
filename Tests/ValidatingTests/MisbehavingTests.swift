import Foundation
import TestSupport
import Testing

@testable import Host

/// The plugin of which each component breaks one promise, built once.
private let library = Result {
  try OutsidePackage("Tests/Fixtures/misbehaving", library: "Misbehaving").build()
}

@Suite("A component that breaks a promise fails the check of it, and no other", .serialized)
struct MisbehavingTests {
  /// What fails, with its message.
  private func failures(
    _ component: String, checks: [String] = [], seconds: Double = 240
  ) throws -> [String: String] {
    var validation = try Validation(library.get(), executable: executable)
    validation.components = [component]
    validation.checks = checks
    validation.seconds = seconds
    var failures: [String: String] = [:]
    for result in try validation.run() {
      if case .failed(let message) = result.answer { failures[result.check] = message }
    }
    return failures
  }

  @Test(
    "One promise each",
    arguments: [
      ("ports", "ports", "so its width is 8, not 16"),
      ("gradients", "gradients", "finite differences"),
      ("second-order", "second-order", "a number of image is 0.0, finite differences say"),
      ("checkpoint", "checkpoint", "outside of the Parameter and Buffer properties"),
      ("garbage", "garbage", "missing"),
      ("names", "garbage", "publishedNames does not mention layer.bias"),
      ("settings", "settings", "the default of margin is refused"),
      ("sampling", "sampling", "calls moved in a call with updatesBuffers false"),
      ("nan", "nan", "leaves every output finite"),
      ("load-order", "load-order", "depends on the order in which plugins are loaded"),
    ])
  func one(_ component: String, _ check: String, _ words: String) throws {
    let asked = ["sizes", "ports", "gradients", "second-order", "seed", "load-order"]
    let state = ["checkpoint", "garbage", "settings", "sampling", "nan"]
    let failures = try failures(component, checks: asked + state)
    // A buffer that moves is seen in a second call.
    let consequences = ["sampling": "seed"]
    let expected = Set([check] + [consequences[component]].compactMap { $0 })
    #expect(Set(failures.keys) == expected, "\(failures)")
    #expect(failures[check]?.contains(words) == true, "\(failures[check] ?? "none")")
  }

  @Test("A size at which it stops is named, with its last words")
  func stops() throws {
    let message = try #require(try failures("sizes", checks: ["sizes", "ports"])["sizes"])
    #expect(message.hasPrefix("at 32×32: the process was killed by signal"))
  }

  @Test("Draws that no seed governs are found in the second instance")
  func dice() throws {
    let failures = try failures("seed", checks: ["seed", "load-order"])
    #expect(failures["seed"]?.contains("differs in a second instance") == true)
    #expect(failures["load-order"] != nil)
  }

  @Test("A description that takes long is found once for the plugin")
  func slow() throws {
    let message = try #require(try failures("ports", checks: ["describe"])["describe"])
    #expect(message.hasPrefix("took "))
  }

  @Test("What crashes, hangs or leaves fails, and the next component is asked")
  func death() throws {
    var found: [String: String] = [:]
    for component in ["crash", "exit"] {
      found[component] = try failures(component, checks: ["ports"])["ports"]
    }
    found["hang"] = try failures("hang", checks: ["ports"], seconds: 5)["ports"]
    #expect(found["crash"]?.hasPrefix("the process was killed by signal 11") == true)
    #expect(found["exit"] == "the process called exit(0) before it had answered")
    #expect(found["hang"] == "the process had not answered after 5.0 seconds")
  }

  @Test("The command shows a table and the way to see a failure again, or JSON")
  func command() throws {
    let arguments = [
      "plugin", "validate", try library.get(), "--component", "ports", "--seed", "7",
    ]
    let folder = try TemporaryFolder()
    let environment = ["HOME": folder.path, "XDG_CACHE_HOME": folder.path]
    let table = try run([executable] + arguments + ["--only", "ports"], environment: environment)
    #expect(table.status == 1)
    #expect(table.output.contains("misbehaving/ports  FAIL"))
    #expect(table.output.contains("--component ports --only ports --seed 7"))
    #expect(table.output.contains("1 component, seed 7: 0 passed, 1 failed, 0 left out"))

    let text = try run(
      [executable] + arguments + ["--only", "seed", "--json"], environment: environment)
    #expect(text.status == 0)
    let json = try JSONValue(parsing: text.output, dialect: .json)
    #expect(json["passed"]?.intValue == 1 && json["seed"]?.intValue == 7)
    #expect(json["results"]?[0]?["outcome"]?.stringValue == "passed")

    let unknown = try run([executable] + arguments + ["--only", "prots"], environment: environment)
    #expect(unknown.status != 0)
    #expect(unknown.output.contains("there is no check prots; checks are sizes, ports"))
  }
}

extension MisbehavingTests {
  @Test(
    "A description that dies is told by its signal or status",
    arguments: [
      ("overflow", "signal 11"), ("trap", "signal 4"), ("exit", "exit(0)"),
      ("hang", "had not answered after 2.0 seconds"),
    ])
  func dying(_ how: String, _ words: String) throws {
    setenv("MISBEHAVE", how, 1)
    defer { unsetenv("MISBEHAVE") }
    let probe = PluginProbe(executable: executable, seconds: how == "hang" ? 2 : 60)
    guard case .refused(let error) = probe.describe(try library.get()) else {
      Issue.record("\(how) was described")
      return
    }
    #expect(error.fault == .died)
    #expect(error.found.contains(words), "\(error.found)")
  }

  @Test(
    "A plugin that starts threads or writes to the standard output is described all the same",
    arguments: ["threads", "print"])
  func noisy(_ how: String) throws {
    setenv("MISBEHAVE", how, 1)
    defer { unsetenv("MISBEHAVE") }
    guard
      case .described(let summary) = PluginProbe(executable: executable)
        .describe(try library.get())
    else {
      Issue.record("\(how) was refused")
      return
    }
    #expect(summary.id == "misbehaving")
  }
}
