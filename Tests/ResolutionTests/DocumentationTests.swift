import Foundation
import PluginAPI
import Testing

@testable import Host

@Suite("The description of the experiment file is executed") struct DocumentationTests {
  /// A fenced block: the words after the fence, and the text.
  struct Block: CustomTestStringConvertible, Sendable {
    let words: [String]
    let line: Int
    let text: String
    var testDescription: String { "line \(line): \(words.joined(separator: " "))" }
  }

  static let blocks: [Block] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Documentation").standardized
    let text = ["ExperimentFile.md", "Procedures.md"]
      .map { (try? String(contentsOf: folder.appending(path: $0), encoding: .utf8)) ?? "" }
      .joined(separator: "\n")
    var blocks: [Block] = []
    var open: (words: [String], line: Int, lines: [String])?
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(
            Block(words: block.words, line: block.line, text: block.lines.joined(separator: "\n")))
          open = nil
        } else {
          open = (line.dropFirst(3).split(separator: " ").map(String.init), index + 1, [])
        }
      } else {
        open?.lines.append(line)
      }
    }
    return blocks
  }()

  private static let json = blocks.filter { $0.words.first == "json5" }

  @Test("There is a block for each model")
  func isComplete() {
    let named = Self.json.compactMap { $0.words.dropFirst().first }
    #expect(
      named == [
        "smis", "semantic-cgan", "deformable", "slnp", "ssa-gan", "fine-grained-attributes",
        "bicyclegan", "dscgan",
      ])
  }

  @Test("Each block parses, and says what its experiment says", arguments: json)
  func parses(block: Block) throws {
    let value = try JSONValue(parsing: block.text, named: "ExperimentFile.md")
    guard block.words.count > 1 else { return }
    let experiment = try PaperExperiment.tree(block.words[1])
    for member in value.members ?? [] {
      #expect(
        member.value.text(style: .line) == experiment[member.key]?.text(style: .line),
        "\(member.key) differs from that of \(block.words[1]).json5")
    }
  }

  @Test(
    "The phases of each block are read without a fault",
    arguments: json.filter { $0.words.count > 1 })
  func readsPhases(block: Block) throws {
    let value = try JSONValue(parsing: block.text, named: "ExperimentFile.md")
    let reader = ExperimentReader(procedures: [:])
    guard
      let object = ObjectReader(
        value, JSONPath(), keys: ExperimentReader.keys, reader.collector)
    else { return }
    #expect(!reader.procedure(object).phases.isEmpty)
    let stages = reader.stages(object)
    #expect(stages.count == value["stages"]?.arrayValue?.count ?? 0)
    #expect(stages.allSatisfy { !$0.procedure.phases.isEmpty })
    try reader.collector.throwIfAny()
  }

  @Test("The grammar names every key that is read, and no other")
  func grammarIsComplete() throws {
    let grammar = try #require(Self.blocks.first { $0.words.isEmpty }).text
    let words = grammar.matches(of: /"(\$?\w+)":/).map { String($0.output.1) }
    let expected = Set(ExperimentReader.keys + ExperimentReader.phaseKeys).subtracting(["run"])
    #expect(expected.subtracting(words) == [])
    let nested: Set = [
      "use", "with", "inputs", "weights", "shares", "on", "view", "real", "weight", "schedule",
      "restart", "from", "to", "over", "images", "steps", "epochs", "norm", "of", "phases",
      "batchSize", "for", "average", "halfLife", "decay", "checkpoints", "keep", "samples",
      "sampleMode", "metrics", "metricSamples",
    ]
    #expect(Set(words).subtracting(expected).subtracting(nested) == [])
    #expect(nested.subtracting(words) == [])
  }
}
