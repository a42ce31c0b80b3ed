import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// The experiments of the tree, each with the plugins that it is for.
private struct Original: Sendable {
  let path: String
  let bytes: [UInt8]
  let tree: JSONValue
  let isForStubs: Bool

  static func all() throws -> [Original] {
    let examples = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/Examples")
      .filter { $0.hasSuffix(".json") && !$0.split(separator: "/").contains(".build") }.sorted()
    let own = ["\(root)/workbench.json"] + examples.map { "\(root)/Examples/\($0)" }
    let stubs = PaperExperiment.names.map {
      PaperExperiment.folder.appending(path: "\($0).json5").path
    }
    return try own.map { try Original($0, isForStubs: false) }
      + stubs.map { try Original($0, isForStubs: true) }
  }

  private init(_ path: String, isForStubs: Bool) throws {
    self.path = path
    self.isForStubs = isForStubs
    bytes = try TestSupport.bytes(of: path)
    tree = try JSONValue(SourceText(bytes: bytes, name: path))
  }
}

@Suite("Damaged experiments", .serialized)
struct MutationTests {
  /// The plugins of the tree, and the stubs of papers' components.
  private struct Catalogs {
    let own: Catalog
    let stubs: Catalog
    let ownSchema: SchemaCheck
    let stubSchema: SchemaCheck

    init() throws {
      own = Catalog(
        try [
          "Essentials", "Aviary", "Facades", "LabelMaps", "Perceptors", "PosePairs", "SMIS",
          "SemanticCGAN",
        ]
        .map { try PluginUnderTest($0).description })
      stubs = try StubCatalog.all()
      ownSchema = SchemaCheck(schema: ExperimentSchema(catalog: own).json)
      stubSchema = SchemaCheck(schema: ExperimentSchema(catalog: stubs).json)
    }
  }

  /// What the host makes of a text: the tree it accepts, or the faults.
  private func outcome(
    _ bytes: [UInt8], at path: String, _ catalog: Catalog
  ) throws -> Result<JSONValue, Diagnostics> {
    try put(bytes, to: path)
    let file = try ExperimentFile(path)
    guard let root = file.root, !file.isScrambled else { return .failure(Diagnostics(file.faults)) }
    let pins = PluginPins(root)
    do {
      let resolution = try Resolution(root, with: catalog, besides: file.faults + pins.faults)
      #expect(!ResolutionTable(resolution).text.isEmpty)
      return .success(root)
    } catch let faults as Diagnostics {
      return .failure(faults)
    }
  }

  /// 100,000 with `WORKBENCH_TEST_FULL=1`, which `make test-all` sets.
  @Test("No change crashes the host; what it accepts, the schema accepts: no key is overlooked")
  func changes() throws {
    let isFull = ProcessInfo.processInfo.environment["WORKBENCH_TEST_FULL"] == "1"
    let count = isFull ? 100_000 : 3000
    let catalogs = try Catalogs()
    let originals = try Original.all()
    let folder = try TemporaryFolder()
    let path = folder.file("experiment.json")
    var isSound: [String: Bool] = [:]
    for original in originals {
      let catalog = original.isForStubs ? catalogs.stubs : catalogs.own
      let result = try outcome(original.bytes, at: path, catalog)
      isSound[original.path] = (try? result.get()) != nil
    }
    #expect(isSound.values.filter(\.self).count >= 12)
    var mutator = Mutator(state: 5)
    var accepted = 0
    var faultCount = 0
    for round in 0..<count {
      let original = originals[round % originals.count]
      let catalog = original.isForStubs ? catalogs.stubs : catalogs.own
      let way = round / originals.count % 3
      let bytes: [UInt8]
      switch way {
      case 0: bytes = mutator.mutate(original.bytes)
      case 1: bytes = Array(mutator.changed(original.tree).text().utf8)
      default: bytes = Array(mutator.withStrangeKey(original.tree).text().utf8)
      }
      switch try outcome(bytes, at: path, catalog) {
      case .success(let tree):
        accepted += 1
        let schema = original.isForStubs ? catalogs.stubSchema : catalogs.ownSchema
        if let fault = schema.fault(tree) {
          Issue.record("\(original.path), change \(round), was accepted: \(fault)")
        }
        #expect(way < 2, "\(original.path), change \(round): the strange key was overlooked")
      case .failure(let faults):
        faultCount += faults.faults.count
        #expect(!faults.isEmpty && !faults.description.isEmpty)
        guard way == 2, isSound[original.path] ?? false else { continue }
        let isTold = faults.faults.contains { $0.sentence.contains(Mutator.strangeKey) }
        #expect(isTold, "\(original.path), change \(round): the strange key is not told")
      }
    }
    print("\(count) damaged experiments: \(accepted) accepted, \(faultCount) faults in the others")
    #expect(accepted > count / 50, "the changes are so strong that hardly a file is accepted")
  }
}
