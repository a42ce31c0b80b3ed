import Foundation
import Testing

@testable import Host

@Suite("Misfits are sentences that name both sides and what would repair them") struct MisfitTests {
  /// One entry of `Snapshots/misfits.txt`: a title, an experiment, changes to it, and the faults.
  struct Entry: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var experiment = ""
    var changes: [String] = []
    var sentences: [String] = []
  }

  static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Snapshots/misfits.txt")

  static let entries: [Entry] = {
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    var entries: [Entry] = []
    for line in text.split(separator: "\n").map(String.init) {
      if line.hasPrefix("# ") {
        entries.append(Entry(testDescription: String(line.dropFirst(2))))
      } else if line.hasPrefix("- ") {
        entries[entries.count - 1].sentences.append(String(line.dropFirst(2)))
      } else if line.hasPrefix("  ") {
        entries[entries.count - 1].changes.append(String(line.dropFirst(2)))
      } else {
        entries[entries.count - 1].experiment = line
      }
    }
    return entries
  }()

  @Test("Every fault is told, in the order of the file", arguments: entries)
  func sentences(entry: Entry) throws {
    let faults = try PaperExperiment.faults(entry.experiment, setting: entry.changes)
    #expect(faults == entry.sentences)
    #expect(!faults.isEmpty)
  }

  @Test(
    "Sentences are recorded anew when asked for",
    .enabled(if: ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"))
  func record() throws {
    let texts = try Self.entries.map { entry in
      let faults = try PaperExperiment.faults(entry.experiment, setting: entry.changes)
      return "# \(entry.testDescription)\n\(entry.experiment)\n"
        + (entry.changes.map { "  \($0)\n" } + faults.map { "- \($0)\n" }).joined()
    }
    try texts.joined(separator: "\n").write(to: Self.file, atomically: true, encoding: .utf8)
  }
}
