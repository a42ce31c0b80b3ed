import TestSupport
import Testing

@testable import Host

@Suite("Where a step's time goes")
struct ProfileCommandTests {
  private static let small = [
    "--set", "dataset.with.side=32", "--set", "generator.with.width=4",
    "--set", "discriminators.0.with={width: 4, layers: 1}",
    "--set", "discriminators.1.with={width: 4, layers: 1}", "--set", "training.batchSize=2",
    "--steps", "2",
  ]

  @Test("Parts, kinds of ops and the rest each add up to the step")
  func addsUp() throws {
    let workbench = try Workbench()
    let arguments = ["profile", "\(root)/workbench.json", "--json"] + Self.small
    let result = try workbench.run(arguments)
    #expect(result.status == 0, "\(result.output)")
    let profile = try JSONValue(parsing: result.output, named: "profile")
    let seconds = try #require(profile["seconds"]?.doubleValue)
    for table in ["components", "kinds"] {
      var sum = profile["secondsWaiting"]?.doubleValue ?? 0
      sum += profile["secondsBetween"]?.doubleValue ?? 0
      for row in try #require(profile[table]?.arrayValue) {
        sum += row["forwardSeconds"]?.doubleValue ?? 0
        sum += row["backwardSeconds"]?.doubleValue ?? 0
      }
      #expect(abs(sum - seconds) < 0.01 * seconds)
    }
    let rows = profile["components"]?.arrayValue ?? []
    let names = rows.compactMap { $0["name"]?.stringValue }
    for name in ["generator", "discriminators.0", "optimizers.generator", "losses.0", "average"] {
      #expect(names.contains(name), "\(names)")
    }
    let generator = try #require(rows.first { $0["name"]?.stringValue == "generator" })
    #expect(generator["forwardSeconds"]?.doubleValue ?? 0 > 0)
    #expect(generator["backwardSeconds"]?.doubleValue ?? 0 > 0)
    let lasting = try #require(profile["lastingBytes"]?.intValue)
    #expect((profile["peakBytes"]?.intValue ?? 0) > lasting && lasting > 0)
  }

  @Test("People get tables, and no run is written")
  func tables() throws {
    let workbench = try Workbench()
    let result = try workbench.run(["profile", "\(root)/workbench.json"] + Self.small)
    #expect(result.status == 0, "\(result.output)")
    for words in ["A step takes", "component", "kind of op", "waiting for data", "between ops"] {
      #expect(result.output.contains(words), "\(words)")
    }
    #expect(!workbench.folder.names.contains("runs"))
  }

  @Test("A number of steps below one is refused")
  func refusesNoSteps() throws {
    let result = try Workbench().message(["profile", "--steps", "0"])
    #expect(result.status != 0)
    #expect(result.output.contains("--steps is 0, expected at least 1."))
  }
}
